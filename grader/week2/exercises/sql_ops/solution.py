"""A model answer: SQL does the work in sets, parameters carry the values, constraints have the last word."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

REQUIRED = ("email", "name", "created_at")
OPTIONAL = ("phone", "city")
CHANGEABLE = ("email", "name", "phone", "city")


@dataclass(frozen=True)
class PostgresHandle:
    url: str


def select(db: PostgresHandle, query: str, parameters: dict) -> list[dict]:
    with psycopg.connect(db.url, row_factory=dict_row) as session:
        return session.execute(query, parameters).fetchall()


def need_aware(**times: datetime) -> None:
    for name, time in times.items():
        if time.utcoffset() is None:
            raise ValueError(f"{name} has no time zone: {time}")


# Customers


def need_known(keys: Iterable[str], allowed: Iterable[str]) -> None:
    for key in keys:
        if key not in allowed:
            raise ValueError(f"{key!r} is no key here; there are {', '.join(allowed)}")


def cleaned(values: dict) -> dict:
    """The values ready to be stored: nothing required is None, the e-mail is trimmed."""
    for key in REQUIRED:
        if key in values and values[key] is None:
            raise ValueError(f"{key} must not be None")
    if "email" not in values:
        return values
    email = values["email"].strip()
    if not email:
        raise ValueError("email is blank")
    return values | {"email": email}


@contextmanager
def unique_email(email: str | None) -> Iterator[None]:
    """The unique index alone can say that an e-mail is free: it also sees what other sessions do."""
    try:
        yield
    except psycopg.errors.UniqueViolation:
        raise ValueError(f"the e-mail {email} is in use") from None


def add_customer(db: PostgresHandle, customer: dict) -> int:
    need_known(customer, REQUIRED + OPTIONAL)
    for key in REQUIRED:
        if key not in customer:
            raise ValueError(f"{key} is missing")
    row = dict.fromkeys(OPTIONAL) | cleaned(customer)
    need_aware(created_at=row["created_at"])
    insert = """
        insert into customers (email, name, phone, city, created_at)
        values (%(email)s, %(name)s, %(phone)s, %(city)s, %(created_at)s)
        returning customer_id"""
    with psycopg.connect(db.url) as session, unique_email(row["email"]):
        return session.execute(insert, row).fetchone()[0]


def change_customer(db: PostgresHandle, customer_id: int, changes: dict) -> bool:
    need_known(changes, CHANGEABLE)
    values = cleaned(changes) | {"customer_id": customer_id}
    query = sql.SQL("update customers set {} where customer_id = %(customer_id)s").format(
        sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(key), sql.Placeholder(key)) for key in changes)
    )
    if not changes:
        query = sql.SQL("select from customers where customer_id = %(customer_id)s")
    with psycopg.connect(db.url) as session, unique_email(values.get("email")):
        return session.execute(query, values).rowcount == 1


def remove_customer(db: PostgresHandle, customer_id: int, at: datetime) -> str:
    need_aware(at=at)
    who = {"customer_id": customer_id, "at": at}
    with psycopg.connect(db.url) as session:
        # The lock makes new orders of this customer wait until we are done.
        lock = "select from customers where customer_id = %(customer_id)s for update"
        if session.execute(lock, who).rowcount == 0:
            return "unknown"
        orders = session.execute("select from orders where customer_id = %(customer_id)s limit 1", who)
        if orders.rowcount == 0:
            session.execute("delete from customers where customer_id = %(customer_id)s", who)
            return "deleted"
        session.execute(
            "update customers set closed_at = %(at)s where customer_id = %(customer_id)s and closed_at is null", who
        )
        return "closed"


# The catalogue

COLUMNS = {"sku": "text", "name": "text", "category": "text", "price": "bigint", "active": "boolean"}
UPSERT = """
    with upload as (
        select * from unnest(%(sku)s::text[], %(name)s::text[], %(category)s::text[], %(price)s::bigint[],
                             %(active)s::boolean[]) as u (sku, name, category, price, active)
    ), known as (
        select sku from products where sku = any(%(sku)s)
    ), written as (
        insert into products as p (sku, name, category, price, active)
        select * from upload
        on conflict (sku) do update
        set (name, category, price, active) = (excluded.name, excluded.category, excluded.price, excluded.active)
        where (p.name, p.category, p.price, p.active)
              is distinct from (excluded.name, excluded.category, excluded.price, excluded.active)
        returning sku
    )
    select count(*) - count(known.sku) as inserted, count(known.sku) as updated
    from written left join known using (sku)"""


def upsert_products(db: PostgresHandle, rows: list[dict]) -> dict[str, int]:
    last = {row["sku"]: row for row in rows}  # one INSERT cannot touch the same row twice
    columns = {name: [row[name] for row in last.values()] for name in COLUMNS}
    with psycopg.connect(db.url, row_factory=dict_row) as session:
        # One upload at a time, so that what is known stays what is known; readers are not disturbed.
        session.execute("lock table products in share row exclusive mode")
        try:
            counts = session.execute(UPSERT, columns).fetchone()
        except psycopg.errors.IntegrityError as error:
            # The detail is "Failing row contains (TEA-01, …)".
            raise ValueError(f"{error.diag.message_primary}: {error.diag.message_detail}") from error
    return counts | {"unchanged": len(last) - counts["inserted"] - counts["updated"]}


# Reports


def order_balances(db: PostgresHandle, since: datetime, until: datetime) -> list[dict]:
    need_aware(since=since, until=until)
    # Each lateral subquery is one row for one order, so nothing is multiplied.
    query = """
        select order_id, items, paid, items - paid as due
        from orders as o
        cross join lateral (
            select coalesce(sum(quantity * unit_price), 0)::bigint as items
            from order_items where order_id = o.order_id
        ) as i
        cross join lateral (
            select coalesce(sum(amount), 0)::bigint as paid from payments where order_id = o.order_id
        ) as p
        where ordered_at >= %(since)s and ordered_at < %(until)s and status <> 'cancelled'
        order by order_id"""
    return select(db, query, {"since": since, "until": until})


def revenue_by_month(db: PostgresHandle, year: int) -> list[dict]:
    # The months are cut in the time zone of the shops; the orders are then compared as instants.
    query = """
        with months as (
            select month::date,
                   month at time zone 'Asia/Ho_Chi_Minh' as since,
                   (month + interval '1 month') at time zone 'Asia/Ho_Chi_Minh' as until
            from generate_series(make_date(%(year)s, 1, 1)::timestamp, make_date(%(year)s, 12, 1), '1 month') as month
        )
        select month, count(distinct order_id) as orders,
               coalesce(sum(quantity * unit_price), 0)::bigint as revenue
        from months
        left join orders on ordered_at >= since and ordered_at < until and status <> 'cancelled'
        left join order_items using (order_id)
        group by month
        order by month"""
    return select(db, query, {"year": year})


def best_sellers(db: PostgresHandle, n: int, since: datetime, until: datetime) -> list[dict]:
    need_aware(since=since, until=until)
    query = """
        with sold as (
            select category, sku, sum(quantity) as units
            from orders join order_items using (order_id) join products using (sku)
            where ordered_at >= %(since)s and ordered_at < %(until)s and status <> 'cancelled'
              and category is not null
            group by category, sku
        ), ranked as (
            select *, rank() over (partition by category order by units desc) as rank from sold
        )
        select category, sku, units, rank from ranked where rank <= %(n)s order by category, rank, sku"""
    return select(db, query, {"n": n, "since": since, "until": until})


def never_bought(db: PostgresHandle, category: str) -> list[int]:
    query = """
        select customer_id
        from customers as c
        where closed_at is null and not exists (
            select from orders as o join order_items using (order_id) join products using (sku)
            where o.customer_id = c.customer_id and o.status <> 'cancelled' and category = %(category)s
        )
        order by customer_id"""
    return [row["customer_id"] for row in select(db, query, {"category": category})]
