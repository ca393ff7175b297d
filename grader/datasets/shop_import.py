"""The history of the shop as five CSV files with planted faults, and what must become of every record.

    files = shop_files(rng, faults=FAULTS)
    write(files, folder, rng)
    fates(files)["orders.csv"][0]      # Fate("rejected", {"total"})
    rows(files)["orders"]              # what the table holds after the import

The rules are those of week2/mini_project/ecommerce_db.py. A reason names one column; where several are at fault,
any of them is right, so a fate holds them all. Money is int dong, times are aware UTC with whole seconds.
"""

import csv
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

from grader.datasets import people
from grader.datasets.places import district
from grader.datasets.shop import Shop, shop

COLUMNS = {
    "customers.csv": ("customer_id", "email", "name", "city", "created_at"),
    "products.csv": ("sku", "name", "category", "price", "stock"),
    "orders.csv": ("order_id", "customer_id", "ordered_at", "status", "total"),
    "order_items.csv": ("order_id", "line", "sku", "quantity", "unit_price"),
    "payments.csv": ("provider_ref", "order_id", "amount", "paid_at"),
}
KEYS = {file: columns[: 2 if file == "order_items.csv" else 1] for file, columns in COLUMNS.items()}
OFFSETS = [timezone(timedelta(minutes=minutes)) for minutes in (0, 420, 420, 480, -300)]
LONG_NAME = 'Nguyễn "Bé, Ba" Lan,\ntầng 3\ncổng sau'  # a record is not a line

BLANK = ("", "", "   ")
NUMBERS = ("C17", "12.5", "1_000", "1e3", "+5", "-3", "٣٠", "0x1F", "1,200", "12345678901", "NaN", "")
FROM_1 = ("0", "00", "-1", "2.0", "1e1", "²")  # for numbers that begin with 1
TIMES = (
    "2026-03-01T09:00:00", "2026-02-30T09:00:00Z", "2026-03-01T25:00:00+07:00", "2026-03-01", "yesterday", "now",
    "infinity", "01/03/2026 09:00", "1772330400", "",
)  # fmt: skip
STATUSES = ("Paid", "lost", "placed?", "")
# fault -> (file, column, what then stands there)
CELLS = {
    "customer_id_unreadable": ("customers.csv", "customer_id", NUMBERS),
    "email_missing": ("customers.csv", "email", BLANK),
    "customer_name_missing": ("customers.csv", "name", BLANK),
    "city_missing": ("customers.csv", "city", BLANK),
    "created_at_unreadable": ("customers.csv", "created_at", TIMES),
    "sku_missing": ("products.csv", "sku", BLANK),
    "product_name_missing": ("products.csv", "name", BLANK),
    "price_unreadable": ("products.csv", "price", NUMBERS),
    "stock_unreadable": ("products.csv", "stock", NUMBERS),
    "order_id_unreadable": ("orders.csv", "order_id", NUMBERS),
    "ordered_at_unreadable": ("orders.csv", "ordered_at", TIMES),
    "status_unknown": ("orders.csv", "status", STATUSES),
    "total_unreadable": ("orders.csv", "total", NUMBERS),
    "line_unreadable": ("order_items.csv", "line", FROM_1),
    "quantity_unreadable": ("order_items.csv", "quantity", FROM_1),
    "unit_price_unreadable": ("order_items.csv", "unit_price", NUMBERS),
    "provider_ref_missing": ("payments.csv", "provider_ref", BLANK),
    "amount_unreadable": ("payments.csv", "amount", FROM_1),
    "paid_at_unreadable": ("payments.csv", "paid_at", TIMES),
}


class Record(NamedTuple):
    """One record: its cells as text by column, and its values; None where a cell is missing or faulty by itself."""

    cells: dict[str, str]
    values: dict[str, Any]
    column: str = ""  # the column that is faulty by itself

    def key(self, file: str) -> tuple[Any, ...] | None:
        key = tuple(self.values[column] for column in KEYS[file])
        return None if None in key else key


class Fate(NamedTuple):
    """What becomes of a record: loaded, unchanged or rejected; then the columns of which a reason may name any."""

    what: str
    columns: frozenset[str] = frozenset()


@dataclass
class ShopFiles:
    """The records of each file in their order, and how many faults of each kind were planted."""

    records: dict[str, list[Record]]
    faults: Counter[str] = field(default_factory=Counter)


@dataclass
class Known:
    """What the database holds before the import: keys by file, e-mails in lower case."""

    keys: dict[str, set[tuple[Any, ...]]] = field(default_factory=lambda: {file: set() for file in COLUMNS})
    emails: set[str] = field(default_factory=set)


# Sound files


def spelled(rng: random.Random, value: object) -> str:
    """A value as a cell: a time in one of many offsets, now and then with blanks around it."""
    if value is None:
        return rng.choice(BLANK)
    if isinstance(value, (int, str)):
        text = str(value)
    else:
        text = value.astimezone(rng.choice(OFFSETS)).isoformat()  # type: ignore[attr-defined]
        text = text.replace("+00:00", "Z")
    return f" {text}  " if rng.randrange(15) == 0 else text


def record(rng: random.Random, values: dict[str, Any]) -> Record:
    return Record({column: spelled(rng, value) for column, value in values.items()}, values)


def whole_orders(made: Shop) -> tuple[list[Any], dict[int, int]]:
    """The orders that have lines, and what these cost by order."""
    totals = made.items()
    return [order for order in made.orders if totals[order.order_id]], totals


def sound_values(rng: random.Random, made: Shop) -> dict[str, list[dict[str, Any]]]:
    """The rows of a shop in the columns of the files. No guests, no empty orders, no refunds."""
    orders, totals = whole_orders(made)
    ids = {order.order_id for order in orders}
    buyers = [customer.customer_id for customer in made.customers]
    return {
        "customers.csv": [
            {
                "customer_id": c.customer_id,
                "email": c.email,
                "name": LONG_NAME if rng.randrange(12) == 0 else c.name,
                "city": c.city or district(rng).province,
                "created_at": c.created_at,
            }
            for c in made.customers
        ],
        "products.csv": [
            {
                "sku": p.sku,
                "name": p.name,
                "category": p.category if rng.randrange(6) else None,
                "price": p.price,
                "stock": rng.choice((0, 1, rng.randrange(2, 80))),
            }
            for p in made.products
        ],
        "orders.csv": [
            {
                "order_id": o.order_id,
                "customer_id": o.customer_id or rng.choice(buyers),
                "ordered_at": o.ordered_at,
                "status": o.status,
                "total": totals[o.order_id],
            }
            for o in orders
        ],
        "order_items.csv": [line._asdict() for line in made.order_items if line.order_id in ids],
        "payments.csv": [
            {
                "provider_ref": f"VNP-{p.payment_id:07d}",
                "order_id": p.order_id,
                "amount": p.amount,
                "paid_at": p.paid_at,
            }
            for p in made.payments
            if p.order_id in ids and p.amount > 0
        ],
    }


# Faults


Decks = dict[tuple[str, ...], list[str]]


def dealt(rng: random.Random, decks: Decks, texts: tuple[str, ...]) -> str:
    """One of the texts, as from a deck of cards: each comes once before one comes again."""
    if not decks.get(texts):
        decks[texts] = rng.sample(texts, len(texts))
    return decks[texts].pop()


def spoil(rng: random.Random, files: ShopFiles, kind: str, decks: Decks) -> None:
    """One cell of a record that was sound becomes faulty by itself."""
    file, column, texts = CELLS[kind]
    here = files.records[file]
    place = rng.choice([n for n, one in enumerate(here) if not one.column])
    old = here[place]
    cells = old.cells | {column: dealt(rng, decks, texts)}
    here[place] = Record(cells, old.values | {column: None}, column)


def insert(rng: random.Random, files: ShopFiles, file: str, values: dict[str, Any], first: int = 0) -> None:
    """One more record, anywhere from the place `first` on."""
    here = files.records[file]
    here.insert(rng.randrange(first, len(here) + 1), record(rng, values))


def some(rng: random.Random, files: ShopFiles, file: str) -> tuple[int, dict[str, Any]]:
    """Place and values of a record that is not faulty by itself."""
    return rng.choice([(n, one.values) for n, one in enumerate(files.records[file]) if not one.column])


def twice(rng: random.Random, files: ShopFiles, file: str, change: dict[str, Any]) -> None:
    """A key comes again, with something else behind it."""
    place, values = some(rng, files, file)
    insert(rng, files, file, values | change, place + 1)


def email_taken(rng: random.Random, files: ShopFiles) -> None:
    place, values = some(rng, files, "customers.csv")
    other = {"customer_id": 500_000 + rng.randrange(10**6), "email": values["email"].swapcase()}
    insert(rng, files, "customers.csv", values | other | {"name": people.full_name(rng)}, place + 1)


def change(rng: random.Random, files: ShopFiles, file: str, column: str, alter: Callable[[Any], Any]) -> None:
    """A value that is good by itself, and wrong beside the others."""
    place, values = some(rng, files, file)
    values = values | {column: alter(values[column])}
    files.records[file][place] = record(rng, values)


def stranger(rng: random.Random, files: ShopFiles, file: str, column: str, value: object, **more: Any) -> None:
    """One more record whose parent there is not."""
    _, values = some(rng, files, file)
    insert(rng, files, file, values | more | {column: value})


Plant = Callable[[random.Random, ShopFiles], None]
RELATIONS: dict[str, Plant] = {
    "customer_twice": lambda rng, files: twice(rng, files, "customers.csv", {"email": f"new{rng.random()}@mail.vn"}),
    "sku_twice": lambda rng, files: twice(rng, files, "products.csv", {"price": 1000}),
    "order_twice": lambda rng, files: twice(rng, files, "orders.csv", {"status": "cancelled"}),
    "line_twice": lambda rng, files: twice(rng, files, "order_items.csv", {"quantity": 7}),
    "payment_twice": lambda rng, files: twice(rng, files, "payments.csv", {"amount": 1}),
    "email_taken": email_taken,
    "customer_unknown": lambda rng, files: change(rng, files, "orders.csv", "customer_id", lambda _: 987_654_321),
    "total_wrong": lambda rng, files: change(rng, files, "orders.csv", "total", lambda total: total + 1000),
    "order_without_lines": lambda rng, files: stranger(
        rng, files, "orders.csv", "order_id", 800_000_000 + rng.randrange(10**8), total=rng.choice((0, 90_000))
    ),
    "line_of_no_order": lambda rng, files: stranger(
        rng, files, "order_items.csv", "order_id", 700_000_000 + rng.randrange(10**8)
    ),
    "line_of_no_product": lambda rng, files: change(rng, files, "order_items.csv", "sku", lambda sku: sku.lower()),
    "payment_of_no_order": lambda rng, files: stranger(
        rng, files, "payments.csv", "order_id", 123_456_789, provider_ref=f"MOMO-{rng.randrange(10**12)}"
    ),
}
# Enough of each kind that every text above is in the files once.
FAULTS = dict.fromkeys(RELATIONS, 1) | {
    kind: {NUMBERS: 2, FROM_1: 2, TIMES: 4, STATUSES: 4}.get(texts, 1) for kind, (_, _, texts) in CELLS.items()
}


def shop_files(rng: random.Random, *, faults: Mapping[str, int], **size: Any) -> ShopFiles:
    """The files of a shop (`size` as for `shop`) with exactly so many faults of each kind."""
    sound = sound_values(rng, shop(rng, **size))
    files = ShopFiles({file: [record(rng, values) for values in rows] for file, rows in sound.items()})
    decks: Decks = {}
    for kind, many in faults.items():
        for _ in range(many):
            if kind in CELLS:
                spoil(rng, files, kind, decks)
            else:
                RELATIONS[kind](rng, files)
        files.faults[kind] += many
    return files


# The truth


def fates(files: ShopFiles, known: Known | None = None) -> dict[str, list[Fate]]:
    """What must become of each record, by file and in their order."""
    known = known or Known()
    found: dict[str, list[Fate]] = {}
    there: dict[str, set[Any]] = {file: {key[0] for key in keys} for file, keys in known.keys.items()}

    def judge(file: str, more: Callable[[Record], Iterable[str]]) -> None:
        found[file] = first_fates(file, files.records[file], known.keys[file], more)

    def loaded(file: str) -> set[Any]:
        return {r.key(file)[0] for r, fate in _with_fates(files, found, file) if fate.what == "loaded"}  # type: ignore[index]

    judge("customers.csv", taken_emails(known.emails))
    judge("products.csv", lambda _: ())
    there["customers.csv"] |= loaded("customers.csv")
    there["products.csv"] |= loaded("products.csv")
    judge("orders.csv", lambda r: () if r.values["customer_id"] in there["customers.csv"] else ("customer_id",))
    judge("order_items.csv", lambda r: wrong_line(r, there))
    found["orders.csv"] = [*judge_totals(files, found)]
    there["orders.csv"] |= loaded("orders.csv")
    found["order_items.csv"] = [
        Fate("rejected", fate.columns | {"order_id"})
        if fate.what != "unchanged" and r.values["order_id"] not in there["orders.csv"]
        else fate
        for r, fate in _with_fates(files, found, "order_items.csv")
    ]
    judge("payments.csv", lambda r: () if r.values["order_id"] in there["orders.csv"] else ("order_id",))
    return found


def _with_fates(files: ShopFiles, found: dict[str, list[Fate]], file: str) -> Iterable[tuple[Record, Fate]]:
    return zip(files.records[file], found[file], strict=True)


def first_fates(
    file: str, records: list[Record], known: set[tuple[Any, ...]], more: Callable[[Record], Iterable[str]]
) -> list[Fate]:
    """By key, by itself, and by what `more` finds at fault."""
    found, seen = [], set()
    for one in records:
        key = one.key(file)
        columns = {*more(one), one.column} - {""}
        if key in seen:
            found.append(Fate("rejected", frozenset(columns | {KEYS[file][-1]})))
        elif key in known:
            found.append(Fate("unchanged"))
        else:
            found.append(Fate("rejected", frozenset(columns)) if columns else Fate("loaded"))
        if key:
            seen.add(key)
    return found


def taken_emails(known: set[str]) -> Callable[[Record], Iterable[str]]:
    seen = set(known)

    def judge(one: Record) -> Iterable[str]:
        email = one.values["email"]
        taken = email is not None and email.lower() in seen
        seen.add((email or "").lower())
        return ("email",) if taken else ()

    return judge


def wrong_line(one: Record, there: dict[str, set[Any]]) -> Iterable[str]:
    if one.values["order_id"] in there["orders.csv"]:
        yield "line"
    if one.values["sku"] not in there["products.csv"]:
        yield "sku"


def judge_totals(files: ShopFiles, found: dict[str, list[Fate]]) -> Iterable[Fate]:
    """Orders whose total is not the sum over their lines, or that have none, fall."""
    sums: dict[int, int] = {}
    for one, fate in _with_fates(files, found, "order_items.csv"):
        if fate.what == "loaded":
            v = one.values
            sums[v["order_id"]] = sums.get(v["order_id"], 0) + v["quantity"] * v["unit_price"]
    for one, fate in _with_fates(files, found, "orders.csv"):
        if fate.what != "unchanged" and sums.get(one.values["order_id"]) != one.values["total"]:
            yield Fate("rejected", fate.columns | {"total"})
        else:
            yield fate


def counts(fates: Mapping[str, list[Fate]]) -> dict[str, dict[str, int]]:
    """What import_data must return."""
    return {
        file: {"read": len(ends)}
        | {what: sum(fate.what == what for fate in ends) for what in ("loaded", "unchanged", "rejected")}
        for file, ends in fates.items()
    }


def rows(files: ShopFiles, found: Mapping[str, list[Fate]], file: str) -> list[dict[str, Any]]:
    """The values of the records that are loaded."""
    return [r.values for r, fate in zip(files.records[file], found[file], strict=True) if fate.what == "loaded"]


def write(files: ShopFiles, folder: Path, rng: random.Random) -> None:
    """The five files; some with a byte order mark, some with their columns in another order."""
    marked, turned = rng.sample([*COLUMNS], 3), rng.sample([*COLUMNS], 3)
    for file, columns in COLUMNS.items():
        order = columns[1:] + columns[:1] if file in turned else columns
        write_file(folder / file, files.records[file], order, "utf-8-sig" if file in marked else "utf-8")


def write_file(path: Path, records: Iterable[Record], columns: tuple[str, ...], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(one.cells for one in records)
