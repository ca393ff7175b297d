"""The shop of Sao Mai as its database sees it: customers, products, orders, their lines and payments.

The functions of one noun are lazy and need little memory at any size; `shop` puts a small one together. Money is
int dong, times are aware UTC with whole seconds. Every fifth name is one that breaks careless programs.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count as count_from
from typing import Any, NamedTuple

from grader.datasets import people
from grader.datasets.payments import split
from grader.datasets.places import district
from grader.datasets.seasons import moments

TABLES = ("customers", "products", "orders", "order_items", "payments")  # parents before children
STATUSES = ("placed", "paid", "shipped", "cancelled")
NASTY = (
    "Robert'); DROP TABLE customers;--",
    'Đỗ "Mai" O\'Hara',
    "Lan 100 % thật, 50%",
    "C:\\mới\\tên\\",
    "%s %(name)s %d %%",
    "Bùi :name $1 ? {0} {name}",
    "\\N",
    "NULL",
    "Hoa -- /* nở */ ; --",
    "{'Trần', NULL}",
    "Y E'\\x27' || 1",
)  # names as they stand: quotes, per cents, backslashes, parameters of every driver, the NULL of COPY
CATALOGUE = {
    "tea": ("Trà sen Tây Hồ", "Trà Thái Nguyên", "Trà ô long Bảo Lộc", "Trà shan tuyết"),
    "coffee": ("Cà phê Buôn Ma Thuột", "Cà phê Cầu Đất", "Cà phê phin giấy"),
    "spices": ("Tiêu Phú Quốc", "Quế Trà Bồng", "Hồi Lạng Sơn", "Nghệ bột"),
    "silk": ("Khăn lụa Vạn Phúc", "Áo lụa Mã Châu", "Cà vạt lụa"),
    "ceramics": ("Bát Bát Tràng", "Ấm Chu Đậu", "Đĩa Bát Tràng", "Chén Thanh Hà"),
    "fish sauce": ("Nước mắm Phú Quốc", "Nước mắm Nam Ô"),
    "kid's toys": ("Trống bỏi", "Tò he", "Đèn ông sao"),
}  # category -> its goods


class Customer(NamedTuple):
    customer_id: int
    email: str  # unique in any case, some with capital letters
    name: str
    phone: str | None
    city: str | None
    created_at: datetime
    closed_at: datetime | None


class Product(NamedTuple):
    sku: str
    name: str
    category: str
    price: int
    active: bool


class Order(NamedTuple):
    order_id: int
    customer_id: int | None  # None: a guest
    ordered_at: datetime
    status: str


class Line(NamedTuple):
    order_id: int
    line: int  # 1, 2, … within the order
    sku: str
    quantity: int
    unit_price: int  # what was paid, not always what the product costs


class Payment(NamedTuple):
    payment_id: int
    order_id: int
    paid_at: datetime
    amount: int  # a refund is negative


class Shop(NamedTuple):
    """Five tables that fit together, as lists of rows."""

    customers: list[Customer]
    products: list[Product]
    orders: list[Order]
    order_items: list[Line]
    payments: list[Payment]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table as dicts, keys in the order of the columns."""
        return [row._asdict() for row in getattr(self, table)]

    def items(self) -> Counter[int]:
        """order_id -> sum of quantity * unit_price of its lines; 0 for all others."""
        total: Counter[int] = Counter()
        for line in self.order_items:
            total[line.order_id] += line.quantity * line.unit_price
        return total

    def paid(self) -> Counter[int]:
        """order_id -> sum of its payments, refunds subtracted; 0 for all others."""
        total: Counter[int] = Counter()
        for payment in self.payments:
            total[payment.order_id] += payment.amount
        return total


def person(rng: random.Random, number: int) -> tuple[str, str]:
    """(name, e-mail); every fifth name is nasty. The e-mail is unique by its number, one in six has capitals."""
    name = people.full_name(rng)
    local, _, host = people.email(rng, name).partition("@")
    email = f"{local}.{number}@{host}"
    if rng.randrange(6) == 0:
        email = email.title()
    return (NASTY[number // 5 % len(NASTY)] if number % 5 == 2 else name), email


def customers(rng: random.Random, count: int, *, first: date = date(2025, 1, 1), days: int = 365) -> Iterator[Customer]:
    """`count` customers with ids 1, 2, … by the time they came; one in ten is closed."""
    for number, at in enumerate(moments(rng, count, first, days), 1):
        name, email = person(rng, number)
        yield Customer(
            customer_id=number,
            email=email,
            name=name,
            phone=people.phone(rng) if rng.randrange(4) else None,
            city=district(rng).province if rng.randrange(5) else None,
            created_at=at,
            closed_at=at + timedelta(seconds=rng.randrange(400 * 86400)) if rng.randrange(10) == 0 else None,
        )


def price(rng: random.Random) -> int:
    """Whole thousands of dong, 9 000 to 999 000, more often low than high."""
    return rng.randrange(9, rng.randrange(10, 1001)) * 1000


def products(rng: random.Random, count: int) -> Iterator[Product]:
    """`count` products, sku "TEA-00001"; the categories of CATALOGUE in turn; one in twelve is not active."""
    for number in range(1, count + 1):
        category = list(CATALOGUE)[number % len(CATALOGUE)]
        name = f"{rng.choice(CATALOGUE[category])} {rng.randrange(1, 20) * 50} g"
        yield Product(
            sku=f"{category[:3].upper()}-{number:05d}",
            name=NASTY[number // 5 % len(NASTY)] if number % 5 == 2 else name,
            category=category,
            price=price(rng),
            active=rng.randrange(12) > 0,
        )


def orders(
    rng: random.Random, count: int, customers: Sequence[int], *, first: date = date(2026, 1, 1), days: int = 365
) -> Iterator[Order]:
    """`count` orders with ids 1, 2, … by time; one in eight of a guest, the first customers order most.

    All days are those of the shops. `customers` are the ids that may order; if there are none, all are guests.
    """
    for number, at in enumerate(moments(rng, count, first, days), 1):
        guest = not customers or rng.randrange(8) == 0
        who = None if guest else customers[rng.randrange(rng.randrange(len(customers)) + 1)]
        yield Order(number, who, at, rng.choices(STATUSES, (2, 3, 4, 1))[0])


def lines(rng: random.Random, order: Order, products: Sequence[Product], *, most: int = 4) -> Iterator[Line]:
    """The lines of one order, each with a product of its own; one placed order in three is an empty basket."""
    if order.status == "placed" and rng.randrange(3) == 0:
        return
    some = rng.sample(products, min(len(products), rng.randrange(1, most + 1)))
    for number, product in enumerate(some, 1):
        discount = rng.choice((0, 0, 0, 5, 10, 20))
        unit_price = max(1000, product.price * (100 - discount) // 100_000 * 1000)
        yield Line(order.order_id, number, product.sku, rng.choice((1, 1, 1, 2, 3, 6)), unit_price)


def amounts(rng: random.Random, status: str, items: int) -> list[int]:
    """What is paid for an order, in time order: at once, in parts, too much and given back, or not yet all."""
    if not items or (status == "placed" and rng.randrange(4)):
        return []
    if status == "cancelled":
        return [items, -items] if rng.randrange(2) else []
    luck = rng.randrange(10)
    if luck == 0:
        surplus = rng.randrange(1, 200) * 1000
        return [items + surplus, -surplus]
    parts = split(rng, items, min(items // 1000, rng.randrange(2, 4))) if luck < 5 else [items]
    return parts[:-1] if status == "placed" or luck == 4 else parts


def payments(rng: random.Random, order: Order, items: int, ids: Iterator[int]) -> Iterator[Payment]:
    """The payments of one order whose lines are worth `items`, at most a day apart, the first after the order."""
    at = order.ordered_at
    for amount in amounts(rng, order.status, items):
        at += timedelta(seconds=rng.randrange(5, 86400))
        yield Payment(next(ids), order.order_id, at, amount)


def shop(
    rng: random.Random,
    *,
    buyers: int = 40,
    goods: int = 30,
    sales: int = 120,
    first: date = date(2026, 1, 1),
    days: int = 365,
) -> Shop:
    """A shop with `buyers` customers, `goods` products and `sales` orders within `days` days of the shops.

    The last tenth of the customers has never ordered, the last tenth of the products was never sold.
    """
    made = Shop(list(customers(rng, buyers)), list(products(rng, goods)), [], [], [])
    sold = made.products[: goods - goods // 10]
    ids = [customer.customer_id for customer in made.customers[: buyers - buyers // 10]]
    payment_ids = count_from(1)
    for order in orders(rng, sales, ids, first=first, days=days):
        basket = list(lines(rng, order, sold))
        items = sum(line.quantity * line.unit_price for line in basket)
        made.orders.append(order)
        made.order_items.extend(basket)
        made.payments.extend(payments(rng, order, items, payment_ids))
    return made
