"""Orders of Sao Mai: a stream of any size; each order has a history of versions."""

import math
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from grader.datasets.places import district
from grader.datasets.seasons import moments

STATUSES = ("placed", "paid", "shipped", "cancelled")


class Order(NamedTuple):
    """One version of an order: what was known at `updated_at`."""

    order_id: str
    ordered_at: datetime  # aware, UTC, whole seconds
    updated_at: datetime
    customer_id: str
    district: str
    status: str
    amount: int  # dong


def amount(rng: random.Random) -> int:
    """Whole thousands of dong, 60 000 and more, half below 85 000; one order in 10 000 is above 6 million."""
    return int(60 / math.sqrt(1 - rng.random())) * 1000  # Pareto; sqrt is exact on every platform, pow is not


def customer_id(rng: random.Random, customers: int) -> str:
    """ "C00001" and on; a few customers order most."""
    return f"C{rng.randrange(rng.randrange(customers) + 1) + 1:05d}"


def _later(rng: random.Random, status: str) -> tuple[str, timedelta] | None:
    """What happens to an order next, and after how long."""
    luck = rng.randrange(100)
    if status == "placed" and luck < 90:
        return ("paid" if luck < 82 else "cancelled"), timedelta(seconds=rng.randrange(20, 7200))
    if status == "paid" and luck < 92:
        return ("shipped" if luck < 88 else "cancelled"), timedelta(seconds=rng.randrange(3600, 3 * 86400))
    return None


def history(rng: random.Random, order: Order) -> list[Order]:
    """The order as placed and all its later versions, oldest first, `updated_at` strictly rising."""
    versions = [order]
    while step := _later(rng, versions[-1].status):
        status, wait = step
        versions.append(order._replace(status=status, updated_at=versions[-1].updated_at + wait))
    return versions


def histories(
    rng: random.Random,
    count: int,
    *,
    first: date = date(2026, 1, 1),
    days: int = 90,
    customers: int = 5000,
    prefix: str = "SM",
    province: str | None = None,
) -> Iterator[list[Order]]:
    """`count` orders by the time they were placed, each as the list of its versions. Lazy, bounded memory."""
    for number, at in enumerate(moments(rng, count, first, days), 1):
        placed = Order(
            order_id=f"{prefix}-{number:06d}",
            ordered_at=at,
            updated_at=at,
            customer_id=customer_id(rng, customers),
            district=district(rng, province).name,
            status="placed",
            amount=amount(rng),
        )
        yield history(rng, placed)


def orders(rng: random.Random, count: int, *, first: date = date(2026, 1, 1), days: int = 90) -> Iterator[Order]:
    """`count` orders by the time they were placed, each in its newest version. Lazy, bounded memory."""
    for versions in histories(rng, count, first=first, days=days):
        yield versions[-1]
