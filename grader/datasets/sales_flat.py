"""The wide export of sales: a row for each line of an order, every fact copied again and again, and the truth.

An export is made of true orders; then rows are sent again, facts are contradicted, and spellings get sloppy. What
must come of it follows from what was planted, not from looking for it.
"""

import csv
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from grader.datasets.people import email, full_name
from grader.datasets.seasons import LOCAL, moments

Row = dict[str, Any]

COLUMNS = (
    "order_id", "ordered_at", "email", "customer", "city", "region", "line", "sku", "product", "category",
    "quantity", "unit_price", "coupons",
)  # fmt: skip
DETERMINES = {  # the left side of each dependency -> its right side
    ("email",): ("customer", "city"),
    ("city",): ("region",),
    ("sku",): ("product", "category"),
    ("order_id",): ("ordered_at", "email", "coupons"),
    ("order_id", "line"): ("sku", "quantity", "unit_price"),
}
REGIONS = {
    "Hà Nội": "Đồng bằng sông Hồng", "Hải Phòng": "Đồng bằng sông Hồng", "Hạ Long": "Đồng bằng sông Hồng",
    "TP. Hồ Chí Minh": "Đông Nam Bộ", "Biên Hòa": "Đông Nam Bộ", "Huế": "Miền Trung", "Đà Nẵng": "Miền Trung",
    "Vinh": "Miền Trung", "Nha Trang": "Miền Trung", "Đà Lạt": "Tây Nguyên", "Ea H'leo": "Tây Nguyên",
    "Cần Thơ": "Đồng bằng sông Cửu Long", "Long Xuyên": "Đồng bằng sông Cửu Long",
}  # fmt: skip
PRODUCTS = (  # name, category, price in dong
    ("Nón lá", "Thời trang", 85_000), ("Áo dài 'Tết'", "Thời trang", 1_250_000),
    ('Lụa "Hà Đông" 100%', "Thời trang", 690_000), ("Phin cà phê", "Nhà bếp", 65_000),
    ("Chảo gang 26 cm", "Nhà bếp", 420_000), ("Gốm Bát Tràng \\ men lam", "Nhà bếp", 310_000),
    ("Bánh chưng (cặp)", "Thực phẩm", 180_000), ("Nước mắm Phú Quốc 40°", "Thực phẩm", 145_000),
    ("x'); DROP TABLE products; --", "Thực phẩm", 99_000), ("Quà tặng %s", "Quà 'nhỏ'", 0),
    ("Xe máy điện", "Xe", 39_900_000), ("Cần cẩu bánh xích", "Xe", 3_200_000_000),
)  # fmt: skip
COUPONS = ("TET2026", "FREESHIP", "SV-10", "SV05", "ban-be", "Zalo", "8/3")  # not in the order of a dictionary


class Shop(NamedTuple):
    """What is true of customers and products: every fact once."""

    customers: list[Row]  # email, customer, city, region
    products: list[Row]  # sku, product, category, price


class Export(NamedTuple):
    """An export, and what loading it into empty tables must come to."""

    rows: list[Row]
    stored: list[Row]  # the lines of all orders that may be loaded, clean, by order_id and line
    duplicates: int
    refused: list[int]  # indexes of rows
    contradicted: list[Row]  # the values of left sides, such as {"order_id": 7, "line": 2}
    faults: dict[str, int]  # what was planted, by kind


def shop(rng: random.Random, customers: int = 12, products: int = len(PRODUCTS)) -> Shop:
    """A small world. E-mails are in lower case and unique, all text is NFC."""
    people = []
    for number in range(customers):
        name, city = full_name(rng), rng.choice(list(REGIONS))
        mail = email(rng, name).replace("@", f"-{number}@")  # the number makes it unique
        people.append({"email": mail, "customer": name, "city": city, "region": REGIONS[city]})
    goods = []
    for number in range(products):
        name, category, price = PRODUCTS[number % len(PRODUCTS)]
        goods.append(
            {"sku": f"{'ANQX'[number % 4]}-{number:04d}", "product": name, "category": category, "price": price}
        )
    return Shop(people, goods)


def sales(
    rng: random.Random, of: Shop, count: int, *, first: date = date(2026, 1, 1), days: int = 90
) -> Iterator[list[Row]]:
    """`count` true orders by time, each as its flat rows (one to four lines). Lazy; ids do not fit into 32 bits."""
    start = rng.randrange(2**32, 2**33)
    for number, at in enumerate(moments(rng, count, first, days)):
        coupons = sorted(rng.sample(COUPONS, rng.choice((0, 0, 1, 2, 3))))
        head = {"order_id": start + number, "ordered_at": at, "coupons": ",".join(coupons)} | rng.choice(of.customers)
        yield [_row(head, line, rng) | _bought(rng, of) for line in range(1, rng.randrange(2, 6))]


def _row(head: Row, line: int, rng: random.Random) -> Row:
    return dict.fromkeys(COLUMNS) | head | {"line": line, "quantity": rng.choice((1, 1, 1, 2, 3, 12))}


def _bought(rng: random.Random, of: Shop) -> Row:
    """A product at a price that need not be that of the list."""
    product = rng.choice(of.products)
    paid = product["price"] * rng.choice((100, 100, 95, 80)) // 100
    return {"sku": product["sku"], "product": product["product"], "category": product["category"], "unit_price": paid}


def _another(rng: random.Random, values: Iterable[Any], than: Any) -> Any:
    return rng.choice([value for value in values if value != than])


def _other_customer(rng: random.Random, row: Row, of: Shop) -> Row:
    return dict(_another(rng, of.customers, {name: row[name] for name in ("email", "customer", "city", "region")}))


def _other_city(rng: random.Random, row: Row, _: Shop) -> Row:
    city = _another(rng, REGIONS, row["city"])
    return {"city": city, "region": REGIONS[city]}


def _other_product(rng: random.Random, row: Row, of: Shop) -> Row:
    other = rng.choice([product for product in of.products if product["sku"] != row["sku"]])
    return {name: other[name] for name in ("sku", "product", "category")}


Change = Callable[[random.Random, Row, Shop], Row]
# kind -> the left side that it contradicts, and what another copy of the row says instead
CONTRADICTIONS: dict[str, tuple[tuple[str, ...], Change]] = {
    "customer": (("email",), lambda rng, row, _: {"customer": row["customer"] + rng.choice((" A", " B"))}),
    "city": (("email",), _other_city),
    "region": (("city",), lambda rng, row, _: {"region": _another(rng, sorted(set(REGIONS.values())), row["region"])}),
    "product": (("sku",), lambda rng, row, _: {"product": row["product"] + rng.choice((" (mới)", "'"))}),
    "category": (("sku",), lambda rng, row, _: {"category": _another(rng, ("Xe", "Nhà bếp"), row["category"])}),
    "ordered_at": (("order_id",), lambda rng, row, _: {"ordered_at": row["ordered_at"] + timedelta(minutes=1)}),
    "email": (("order_id",), _other_customer),
    "coupons": (("order_id",), lambda rng, row, _: {"coupons": _another(rng, ("", *COUPONS), row["coupons"])}),
    "sku": (("order_id", "line"), _other_product),
    "quantity": (("order_id", "line"), lambda rng, row, _: {"quantity": row["quantity"] + rng.randrange(1, 4)}),
    "unit_price": (("order_id", "line"), lambda rng, row, _: {"unit_price": row["unit_price"] + 1000}),
}


def export(
    rng: random.Random,
    of: Shop,
    orders: Iterable[list[Row]],
    contradictions: Iterable[str] = (),
    *,
    resent: int = 0,
    sloppy: bool = False,
) -> Export:
    """The rows of these orders in any order, with so many sent twice and one more row for each contradiction.

    `sloppy`: about every third row is spelled otherwise (case and blanks of the e-mail, NFD, time zone), which
    changes nothing about what it says.
    """
    true = [row for order in orders for row in order]
    rows = true + [dict(rng.choice(true)) for _ in range(resent)]
    contradicted, faults = [], Counter({"row_sent_again": resent} if resent else {})
    for kind in contradictions:
        left, change = CONTRADICTIONS[kind]
        row = rng.choice(true)
        rows.append(row | change(rng, row, of))
        contradicted.append({name: row[name] for name in left})
        faults[f"contradicts_{kind}"] += 1
    lost = {row["order_id"] for row in rows for value in contradicted if value.items() <= row.items()}
    rng.shuffle(rows)
    stored = sorted((row for row in true if row["order_id"] not in lost), key=lambda r: (r["order_id"], r["line"]))
    refused = [index for index, row in enumerate(rows) if row["order_id"] in lost]
    if sloppy:
        rows = [spelled_otherwise(rng, row) if rng.randrange(3) == 0 else row for row in rows]
    duplicates = len(rows) - len(refused) - len(stored)
    return Export(rows, stored, duplicates, refused, contradicted, dict(faults))


def side(row: Row, names: Iterable[str]) -> tuple[Any, ...]:
    """The cells of a row in these columns."""
    return tuple(row[name] for name in names)


def spelled_otherwise(rng: random.Random, row: Row) -> Row:
    """The same row as somebody else would write it."""
    text = {name: unicodedata.normalize("NFD", cell) for name, cell in row.items() if isinstance(cell, str)}
    blanks = rng.choice(("", " ", "  "))
    mail = blanks + rng.choice((str.upper, str.title, str.lower))(row["email"]) + blanks
    return row | text | {"email": mail, "ordered_at": row["ordered_at"].astimezone(LOCAL)}


def write_sales_flat(path: Path, rng: random.Random, lines: int) -> dict[str, int]:
    """Writes an export of about `lines` lines as CSV, times as ISO 8601 in UTC; returns the planted faults by kind."""
    of = shop(rng, customers=lines // 6, products=lines // 8)
    orders = islice(sales(rng, of, lines), lines * 2 // 5)
    kinds = ("customer", "region", "product", "coupons", "quantity")
    made = export(rng, of, orders, kinds * max(1, lines // 300), resent=lines // 50)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"ordered_at": f"{row['ordered_at']:%Y-%m-%dT%H:%M:%SZ}"} for row in made.rows)
    return made.faults
