"""One night's orders, customers and payments with planted faults, and the truth by dimension of quality.

    night = draw(rng, ["", "late", "", "sent_twice"])     # one order a name; "" is an order without fault
    night.orders, night.customers, night.payments         # frames
    night.truth["timeliness"]                             # {"checked": 5, "failed": 1}

`cases` is the same as a stream, for any number of orders.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from grader.datasets.orders import STATUSES, Order, histories
from grader.datasets.payments import amounts

if TYPE_CHECKING:
    import pandas as pd

DIMENSIONS = ("completeness", "uniqueness", "validity", "consistency", "integrity", "accuracy", "timeliness")
CUSTOMERS = 200
TEXTS, TIMES = ("order_id", "customer_id", "status"), ("ordered_at", "loaded_at")
NEEDED_BY = {  # cells that must be there -> the dimensions that cannot check a row without them
    "order_id": {"uniqueness", "accuracy"},
    "customer_id": {"integrity"},
    "ordered_at": {"timeliness"},
    "status": {"validity", "accuracy"},
    "amount": {"validity", "consistency", "accuracy"},
}


@dataclass
class Case:
    """One order as it arrived, what was paid, and which dimensions cannot check it or find it wrong."""

    row: dict[str, Any]  # None: missing
    paid: list[int]
    paid_for: str | None  # order_id of the payments
    unchecked: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    copies: int = 1


def sound(rng: random.Random, order: Order) -> Case:
    """A case without fault; a few paid orders have no payment, so there is nothing to compare."""
    shipping = rng.choice((0, 15_000, 30_000))
    seconds = rng.choice((0, rng.randrange(86_401), rng.randrange(86_401), 86_400))  # both ends are in time
    row = {
        "order_id": order.order_id,
        "customer_id": order.customer_id,
        "ordered_at": order.ordered_at,
        "loaded_at": order.ordered_at + timedelta(seconds=seconds),
        "status": order.status,
        "items_total": order.amount - shipping,
        "shipping": shipping,
        "amount": order.amount,
    }
    paid = amounts(rng, order) if rng.randrange(8) else []
    compared = order.status in ("paid", "shipped") and paid
    return Case(row, paid, order.order_id, unchecked=set() if compared else {"accuracy"})


def no_cell(rng: random.Random, case: Case, column: str) -> None:
    case.row[column] = None
    case.unchecked |= NEEDED_BY[column]
    case.failed.add("completeness")


def blank_cell(rng: random.Random, case: Case, column: str) -> None:
    no_cell(rng, case, column)
    case.row[column] = rng.choice(("", " ", "   "))


def order_and_payments_without_id(rng: random.Random, case: Case) -> None:
    """Neither the order nor its payments say which order it is: by that they must not find each other."""
    no_cell(rng, case, "order_id")
    case.row["status"] = rng.choice(("paid", "shipped"))
    case.paid_for, case.paid = None, case.paid or [case.row["amount"]]


def sent_twice(rng: random.Random, case: Case) -> None:
    case.copies += 1


def unknown_status(rng: random.Random, case: Case, statuses: Sequence[str] = ("lost", "refunded")) -> None:
    case.row["status"] = rng.choice(statuses)
    case.unchecked.add("accuracy")
    case.failed.add("validity")


def loud_status(rng: random.Random, case: Case) -> None:
    unknown_status(rng, case, ("Paid", "SHIPPED", "pAID"))


def negative_amount(rng: random.Random, case: Case) -> None:
    row = case.row
    row["amount"] = -row["amount"]
    row["items_total"] = row["amount"] - row["shipping"]
    case.paid = [-amount for amount in case.paid]
    case.failed.add("validity")


def wrong_sum(rng: random.Random, case: Case) -> None:
    case.row["items_total"] += rng.choice((-1000, -1, 1, 1000, 30_000))
    case.failed.add("consistency")


def lost_part(rng: random.Random, case: Case) -> None:
    case.row[rng.choice(("items_total", "shipping"))] = None
    case.unchecked.add("consistency")


def stranger(rng: random.Random, case: Case) -> None:
    case.row["customer_id"] = f"C{CUSTOMERS + rng.randrange(1, 1000):05d}"
    case.failed.add("integrity")


def paid_in_parts(rng: random.Random, case: Case, off: int = 0) -> None:
    """Not a fault: two or three payments and a refund that add up."""
    amount, refund = case.row["amount"], rng.randrange(1, 50) * 1000
    first = rng.randrange(1, amount // 1000) * 1000
    case.paid = [first, amount - first + refund + off, -refund]
    case.row["status"] = rng.choice(("paid", "shipped"))
    case.unchecked.discard("accuracy")


def wrong_payment(rng: random.Random, case: Case) -> None:
    paid_in_parts(rng, case, off=rng.choice((-2000, -1, 1, 2000)))
    case.failed.add("accuracy")


def late(rng: random.Random, case: Case) -> None:
    seconds = 86_400 + rng.choice((1, rng.randrange(1, 10**6)))
    case.row["loaded_at"] = case.row["ordered_at"] + timedelta(seconds=seconds)
    case.failed.add("timeliness")


def early(rng: random.Random, case: Case) -> None:
    seconds = rng.choice((1, rng.randrange(1, 10**5)))
    case.row["loaded_at"] = case.row["ordered_at"] - timedelta(seconds=seconds)
    case.failed.add("timeliness")


def never_loaded(rng: random.Random, case: Case) -> None:
    case.row["loaded_at"] = None
    case.unchecked.add("timeliness")


Fault = Callable[[random.Random, Case], None]
NO_CELL: dict[str, Fault] = {f"no_{column}": partial(no_cell, column=column) for column in NEEDED_BY}
BLANK: dict[str, Fault] = {f"blank_{column}": partial(blank_cell, column=column) for column in TEXTS}
OTHER: tuple[Fault, ...] = (
    order_and_payments_without_id, sent_twice, unknown_status, loud_status, negative_amount, wrong_sum,
    lost_part, stranger, paid_in_parts, wrong_payment, late, early, never_loaded,
)  # fmt: skip
FAULTS = NO_CELL | BLANK | {fault.__name__: fault for fault in OTHER}


def cases(rng: random.Random, faults: Sequence[str]) -> Iterator[Case]:
    """One case for each name of a fault, "" for none. Lazy."""
    orders = (versions[-1] for versions in histories(rng, len(faults), days=30, customers=CUSTOMERS))
    for order, fault in zip(orders, faults, strict=True):
        # the status decides what is checked, so all four must be frequent
        case = sound(rng, order._replace(status=rng.choice(STATUSES)))
        if fault:
            FAULTS[fault](rng, case)
        yield case


def tally(some: Iterable[Case]) -> dict[str, dict[str, int]]:
    """What a sound audit counts in these cases: {dimension: {"checked": …, "failed": …}}."""
    checked: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for case in some:
        for name in set(DIMENSIONS) - case.unchecked:
            checked[name] += case.copies * (len(NEEDED_BY) if name == "completeness" else 1)
            failed[name] += case.copies * (name in case.failed)
        failed["uniqueness"] += case.copies - 1
    return {name: {"checked": checked[name], "failed": failed[name]} for name in DIMENSIONS}


@dataclass
class Night:
    faults: Sequence[str]
    orders: "pd.DataFrame"
    customers: "pd.DataFrame"
    payments: "pd.DataFrame"
    truth: dict[str, dict[str, int]]
    newest: datetime | None  # the newest ordered_at


def draw(rng: random.Random, faults: Sequence[str]) -> Night:
    """The three frames of one night, rows in any order, and the truth about them."""
    drawn = list(cases(rng, faults))
    orders = [case.row for case in drawn for _ in range(case.copies)]
    paid = [(case.paid_for, amount) for case in drawn for amount in case.paid]
    paid += [("SM-999999", 75_000)]  # whose order was never loaded
    rng.shuffle(orders)
    rng.shuffle(paid)
    times = [row["ordered_at"] for row in orders if row["ordered_at"]]
    known = [f"C{number + 1:05d}" for number in range(CUSTOMERS)]
    return Night(faults, _orders(orders), _customers(known), _payments(paid), tally(drawn), max(times, default=None))


def _orders(rows: list[dict[str, Any]]) -> "pd.DataFrame":
    import pandas as pd

    dtypes = dict.fromkeys(TEXTS, "str") | dict.fromkeys(TIMES, "datetime64[us, UTC]")
    names = (
        "order_id",
        "customer_id",
        "ordered_at",
        "loaded_at",
        "status",
        "items_total",
        "shipping",
        "amount",
    )
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=dtypes.get(name, "Int64")) for name in names}
    )


def _customers(known: list[str]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame({"customer_id": pd.Series(known, dtype="str")})


def _payments(paid: list[tuple[str | None, int]]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(
        {
            "order_id": pd.Series([order_id for order_id, _ in paid], dtype="str"),
            "amount": pd.Series([amount for _, amount in paid], dtype="int64"),
        }
    )
