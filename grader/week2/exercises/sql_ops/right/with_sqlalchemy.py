"""The same in SQLAlchemy Core: tables as objects, and the pool is disposed of when a call is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    Result,
    Table,
    Text,
    and_,
    cast,
    create_engine,
    delete,
    exists,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

META = MetaData()
CUSTOMERS = Table(
    "customers", META, Column("customer_id", BigInteger, primary_key=True), Column("email", Text),
    Column("name", Text), Column("phone", Text), Column("city", Text), Column("created_at", DateTime(True)),
    Column("closed_at", DateTime(True)),
)  # fmt: skip
PRODUCTS = Table(
    "products", META, Column("sku", Text, primary_key=True), Column("name", Text), Column("category", Text),
    Column("price", BigInteger), Column("active", Boolean),
)  # fmt: skip
ORDERS = Table(
    "orders", META, Column("order_id", BigInteger, primary_key=True), Column("customer_id", BigInteger),
    Column("ordered_at", DateTime(True)), Column("status", Text),
)  # fmt: skip
LINES = Table(
    "order_items", META, Column("order_id", BigInteger), Column("line", Integer), Column("sku", Text),
    Column("quantity", Integer), Column("unit_price", BigInteger),
)  # fmt: skip
PAYMENTS = Table("payments", META, Column("order_id", BigInteger), Column("amount", BigInteger))


@dataclass(frozen=True)
class PostgresHandle:
    url: str


@contextmanager
def begun(db: PostgresHandle) -> Iterator[Connection]:
    engine = create_engine(db.url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def aware(*times: datetime) -> None:
    if any(time.tzinfo is None for time in times):
        raise ValueError("created_at, at, since and until need a time zone")


def checked(values: dict) -> dict:
    for key in ("email", "name", "created_at"):
        if key in values and values[key] is None:
            raise ValueError(f"no {key}")
    values = dict(values)
    if "email" in values:
        values["email"] = values["email"].strip()
        if not values["email"]:
            raise ValueError("email: nothing but white space")
    return values


def taken(connection: Connection, email: str, besides: int | None = None) -> bool:
    """Nobody can add or change a customer until this transaction is over, so the answer holds."""
    connection.execute(text("lock table customers in share row exclusive mode"))
    used = select(CUSTOMERS.c.customer_id).where(func.lower(CUSTOMERS.c.email) == func.lower(email))
    return any(found != besides for found in connection.scalars(used))


def add_customer(db: PostgresHandle, customer: dict) -> int:
    odd = set(customer) ^ {"email", "name", "created_at"}
    if odd - {"phone", "city"}:
        raise ValueError(f"missing or unknown: {', '.join(odd)}")
    values = checked(customer)
    aware(values["created_at"])
    with begun(db) as connection:
        if taken(connection, values["email"]):
            raise ValueError(f"{values['email']} has an account")
        return connection.scalar(insert(CUSTOMERS).values(values).returning(CUSTOMERS.c.customer_id))


def change_customer(db: PostgresHandle, customer_id: int, changes: dict) -> bool:
    odd = set(changes) - {"email", "name", "phone", "city"}
    if odd:
        raise ValueError(f"unknown: {odd.pop()}")
    values = checked(changes)
    mine = CUSTOMERS.c.customer_id == customer_id
    with begun(db) as connection:
        known = connection.scalar(select(exists().where(mine)))
        if known and "email" in values and taken(connection, values["email"], customer_id):
            raise ValueError(f"{values['email']} has an account")
        if known and values:
            connection.execute(update(CUSTOMERS).where(mine).values(values))
        return known


def remove_customer(db: PostgresHandle, customer_id: int, at: datetime) -> str:
    aware(at)
    mine = CUSTOMERS.c.customer_id == customer_id
    with begun(db) as connection:
        try:
            with connection.begin_nested():
                return "deleted" if connection.execute(delete(CUSTOMERS).where(mine)).rowcount else "unknown"
        except IntegrityError:  # the foreign key knows about orders
            closed = func.coalesce(CUSTOMERS.c.closed_at, at)
            connection.execute(update(CUSTOMERS).where(mine).values(closed_at=closed))
            return "closed"


def upsert_products(db: PostgresHandle, rows: list[dict]) -> dict[str, int]:
    last = {row["sku"]: row for row in rows}
    counts = {"inserted": 0, "updated": 0, "unchanged": 0}
    with begun(db) as connection:
        kept = {row.sku: row for row in connection.execute(select(PRODUCTS).with_for_update())}
        changed = []
        for sku, row in last.items():
            there = kept.get(sku)
            state = "inserted" if there is None else "unchanged" if dict(there._mapping) == row else "updated"
            counts[state] += 1
            if state != "unchanged":
                changed.append(row)
        if changed:
            write(connection, changed)
    return counts


def write(connection: Connection, rows: list[dict]) -> None:
    statement = upsert(PRODUCTS)
    new = {name: statement.excluded[name] for name in ("name", "category", "price", "active")}
    statement = statement.on_conflict_do_update(index_elements=["sku"], set_=new)
    for first in range(0, len(rows), 1000):
        part = rows[first : first + 1000]
        try:
            connection.execute(statement.values(part))
        except IntegrityError as error:
            sku = next((row["sku"] for row in part if row["sku"] in str(error.orig)), None)
            raise ValueError(f"{sku}: {error.orig}") from error


def plain(result: Result) -> list[dict]:
    return [dict(row) for row in result.mappings()]


def sold(since: datetime, until: datetime):
    return and_(ORDERS.c.ordered_at >= since, ORDERS.c.ordered_at < until, ORDERS.c.status != "cancelled")


def order_balances(db: PostgresHandle, since: datetime, until: datetime) -> list[dict]:
    aware(since, until)

    def total(table, value):
        inner = select(func.coalesce(func.sum(value), 0)).where(table.c.order_id == ORDERS.c.order_id)
        return cast(inner.correlate(ORDERS).scalar_subquery(), BigInteger)

    items, paid = total(LINES, LINES.c.quantity * LINES.c.unit_price), total(PAYMENTS, PAYMENTS.c.amount)
    query = select(ORDERS.c.order_id, items.label("items"), paid.label("paid"), (items - paid).label("due"))
    with begun(db) as connection:
        return plain(connection.execute(query.where(sold(since, until)).order_by("order_id")))


def revenue_by_month(db: PostgresHandle, year: int) -> list[dict]:
    local = func.timezone("Asia/Ho_Chi_Minh", ORDERS.c.ordered_at)
    value = func.coalesce(func.sum(LINES.c.quantity * LINES.c.unit_price), 0)
    query = (
        select(
            cast(func.extract("month", local), Integer),
            func.count(ORDERS.c.order_id.distinct()),
            cast(value, BigInteger),
        )
        .select_from(ORDERS.outerjoin(LINES, LINES.c.order_id == ORDERS.c.order_id))
        .where(func.extract("year", local) == year, ORDERS.c.status != "cancelled")
        .group_by(func.extract("month", local))
    )
    with begun(db) as connection:
        found = {month: rest for month, *rest in connection.execute(query)}
    months = {month: found.get(month, (0, 0)) for month in range(1, 13)}
    return [{"month": date(year, month, 1), "orders": n, "revenue": sum_} for month, (n, sum_) in months.items()]


def best_sellers(db: PostgresHandle, n: int, since: datetime, until: datetime) -> list[dict]:
    aware(since, until)
    joined = ORDERS.join(LINES, LINES.c.order_id == ORDERS.c.order_id).join(PRODUCTS, PRODUCTS.c.sku == LINES.c.sku)
    units = func.sum(LINES.c.quantity)
    rank = func.rank().over(partition_by=PRODUCTS.c.category, order_by=units.desc())
    ranked = (
        select(PRODUCTS.c.category, PRODUCTS.c.sku, units.label("units"), rank.label("rank"))
        .select_from(joined)
        .where(sold(since, until), PRODUCTS.c.category.is_not(None))
        .group_by(PRODUCTS.c.category, PRODUCTS.c.sku)
        .subquery()
    )
    query = select(ranked).where(ranked.c.rank <= n).order_by(ranked.c.category, ranked.c.rank, ranked.c.sku)
    with begun(db) as connection:
        return plain(connection.execute(query))


def never_bought(db: PostgresHandle, category: str) -> list[int]:
    joined = ORDERS.join(LINES, LINES.c.order_id == ORDERS.c.order_id).join(PRODUCTS, PRODUCTS.c.sku == LINES.c.sku)
    bought = select(ORDERS.c.customer_id).select_from(joined).where(
        ORDERS.c.status != "cancelled", PRODUCTS.c.category == category
    )  # fmt: skip
    query = (
        select(CUSTOMERS.c.customer_id).where(CUSTOMERS.c.closed_at.is_(None)).except_(bought).order_by("customer_id")
    )
    with begun(db) as connection:
        return list(connection.scalars(query))
