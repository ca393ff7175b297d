"""The rows of the shop: two years of orders, stored in the order of time, analysed but never vacuumed."""

import random
from collections.abc import Iterable
from datetime import date
from itertools import accumulate, islice

from psycopg import Cursor

from grader.datasets.places import DISTRICTS
from grader.datasets.seasons import moments
from grader.datasets.shop import NASTY

CUSTOMERS = 30_000
ORDERS = 100_000
FIRST_DAY = date(2024, 1, 1)
DAYS = 731
PLACES = DISTRICTS[:60]  # more pairs would not all be among the most common values of a statistics object
STATUSES = {"shipped": 920, "cancelled": 50, "paid": 20, "placed": 10}
LINES = {1: 30, 2: 26, 3: 20, 4: 12, 5: 6, 0: 2, 6: 2, 9: 2}  # lines of an order -> orders of a hundred
NOTES = (
    "Call before you come, please",
    "Leave it with the neighbour on the third floor",
    "Giao giờ hành chính, gọi trước mười lăm phút",
    "Nhà có chó, bấm chuông và chờ ngoài cổng",
    "Quà tặng, không kèm hóa đơn giá",
    *NASTY,
)


def fill(cursor: Cursor, rng: random.Random) -> None:
    """Called after given.sql: 30 000 customers, 100 000 orders, 250 000 lines, and the planner's statistics."""
    copy(cursor, "customers (customer_id, email, province, district)", customers(rng))
    ids = order_ids(rng)
    copy(cursor, "orders (order_id, customer_id, ordered_at, status, amount, note)", orders(rng, ids))
    copy(cursor, "order_items (order_id, line, sku, quantity)", lines(rng, ids))
    cursor.execute("ANALYZE customers, orders, order_items")


def customers(rng: random.Random) -> Iterable[str]:
    """Every place has some, the big cities most."""
    where = rng.choices(PLACES, [place.weight for place in PLACES], k=CUSTOMERS)
    for number, place in enumerate(where, 1):
        yield f"{number}\tcustomer.{number}@example.vn\t{place.province}\t{place.name}\n"


def order_ids(rng: random.Random) -> list[int]:
    """Ids as the orders come in: a basket gets its id when it is opened, and is ordered somewhat later."""
    ids = list(range(1, ORDERS + 1))
    for begin in range(0, ORDERS, 50):
        window = ids[begin : begin + 50]
        rng.shuffle(window)
        ids[begin : begin + 50] = window
    return ids


def orders(rng: random.Random, ids: list[int]) -> Iterable[str]:
    """In the order of time; every thirtieth at the same second as the one before."""
    times = [at.isoformat() for at in moments(rng, ORDERS, FIRST_DAY, DAYS)]
    for again in sorted(rng.sample(range(1, ORDERS), ORDERS // 30)):
        times[again] = times[again - 1]
    busy = list(accumulate(rng.choices(range(1, 6), k=CUSTOMERS)))
    buyers = rng.choices(range(1, CUSTOMERS + 1), cum_weights=busy, k=ORDERS)
    statuses = rng.choices(list(STATUSES), list(STATUSES.values()), k=ORDERS)
    amounts = rng.choices(range(60, 2500), k=ORDERS)
    notes = rng.choices([escaped(f"{a}. {b}") for a in NOTES for b in NOTES], k=ORDERS)
    for n, buyer, at, status, amount, note in zip(ids, buyers, times, statuses, amounts, notes, strict=True):
        yield f"{n}\t{buyer}\t{at}\t{status}\t{amount}000\t{note}\n"


def lines(rng: random.Random, ids: list[int]) -> Iterable[str]:
    """2.5 lines an order on average, stored in the order of time, within an order as it happens."""
    counts = [count for count, share in LINES.items() for _ in range(share * ORDERS // 100)]
    rng.shuffle(counts)
    goods = [f"SM-{number:04d}\t{quantity}\n" for number in range(1, 801) for quantity in (1, 1, 1, 2, 3)]
    drawn = iter(rng.choices(goods, k=sum(counts)))
    for order_id, count in zip(ids, counts, strict=True):
        numbers = list(range(1, count + 1))
        if count > 2:
            rng.shuffle(numbers)
        for number, good in zip(numbers, islice(drawn, count), strict=True):
            yield f"{order_id}\t{number}\t{good}"


def escaped(text: str) -> str:
    """A text as a cell of COPY."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def copy(cursor: Cursor, columns: str, rows: Iterable[str]) -> None:
    with cursor.copy(f"COPY {columns} FROM STDIN") as into:
        rows = iter(rows)
        while piece := "".join(islice(rows, 5000)):
            into.write(piece)
