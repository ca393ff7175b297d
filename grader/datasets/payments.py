"""Payments of Sao Mai's orders: in one piece or in parts, too much and given back, refunded."""

import csv
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from grader.datasets.orders import Order

METHODS = ("cod", "momo", "card", "bank")


class Payment(NamedTuple):
    payment_id: str
    order_id: str
    paid_at: datetime  # aware, UTC, whole seconds
    method: str
    amount: int  # dong; a refund is negative


def split(rng: random.Random, amount: int, parts: int) -> list[int]:
    """`amount` (thousands of dong) in `parts` pieces of at least a thousand each."""
    cuts = sorted(rng.sample(range(1, amount // 1000), parts - 1))
    return [(end - start) * 1000 for start, end in zip([0, *cuts], [*cuts, amount // 1000], strict=True)]


def amounts(rng: random.Random, order: Order) -> list[int]:
    """What was paid for an order, in time order. The sum is its amount if it is paid or shipped, else 0."""
    if order.status not in ("paid", "shipped"):
        return [order.amount, -order.amount] if order.status == "cancelled" and rng.randrange(2) else []
    luck = rng.randrange(10)
    if luck == 0:
        surplus = rng.randrange(1, 200) * 1000
        return [order.amount + surplus, -surplus]
    return split(rng, order.amount, rng.randrange(2, 4)) if luck < 4 else [order.amount]


def payments(rng: random.Random, order: Order) -> Iterator[Payment]:
    """The payments of one order, at most an hour apart, the first after the order."""
    at, method = order.ordered_at, rng.choice(METHODS)
    for number, amount in enumerate(amounts(rng, order), 1):
        at += timedelta(seconds=rng.randrange(5, 3600))
        yield Payment(f"{order.order_id}-{number}", order.order_id, at, method, amount)


def write_payments(path: Path, rng: random.Random, orders: Iterable[Order]) -> dict[str, int]:
    """Writes a CSV of all payments of `orders`, line by line; returns orders by what is special."""
    kinds: Counter[str] = Counter()
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Payment._fields)
        for order in orders:
            paid = list(payments(rng, order))
            kinds["refund"] += any(payment.amount < 0 for payment in paid)
            kinds["paid_in_parts"] += len(paid) > 1 and all(payment.amount > 0 for payment in paid)
            table.writerows((*p[:2], f"{p.paid_at:%Y-%m-%dT%H:%M:%SZ}", *p[3:]) for p in paid)
    return dict(kinds)
