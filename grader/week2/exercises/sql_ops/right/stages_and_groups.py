"""Another way in plain psycopg: stage and merge, aggregate before the join, anti-join, and errors as answers."""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import dict_row, scalar_row

FIELDS = ("sku", "name", "category", "price", "active")


@dataclass(frozen=True)
class PostgresHandle:
    url: str


def opened(db: PostgresHandle):
    return psycopg.connect(db.url, row_factory=dict_row)


def aware(**times: datetime) -> None:
    for name, time in times.items():
        if time.tzinfo is None:
            raise ValueError(f"{name} is naive")


def email_of(values: dict) -> str | None:
    if "email" not in values:
        return None
    if values["email"] is None or not values["email"].strip():
        raise ValueError("email is empty")
    return values["email"].strip()


def add_customer(db: PostgresHandle, customer: dict) -> int:
    allowed = ("email", "name", "created_at", "phone", "city")
    for key in customer:
        if key not in allowed:
            raise ValueError(f"unknown key: {key}")
    for key in allowed[:3]:
        if customer.get(key) is None:
            raise ValueError(f"missing key: {key}")
    aware(created_at=customer["created_at"])
    email = email_of(customer)
    with opened(db) as session:
        row = session.execute(
            "insert into customers (email, name, created_at, phone, city) values (%s, %s, %s, %s, %s)"
            " on conflict (lower(email)) do nothing returning customer_id",
            [email, *(customer.get(key) for key in allowed[1:])],
        ).fetchone()
    if row is None:
        raise ValueError(f"there is a customer with the e-mail {email}")
    return row["customer_id"]


def change_customer(db: PostgresHandle, customer_id: int, changes: dict) -> bool:
    for key in changes:
        if key not in ("email", "name", "phone", "city"):
            raise ValueError(f"unknown key: {key}")
    email = email_of(changes)
    if "name" in changes and changes["name"] is None:
        raise ValueError("name is None")
    values = {"id": customer_id, "email": email, "name": changes.get("name")}
    for key in ("phone", "city"):
        values |= {key: changes.get(key), f"has_{key}": key in changes}
    with opened(db) as session:
        try:
            done = session.execute(
                """update customers
                   set email = coalesce(%(email)s, email), name = coalesce(%(name)s, name),
                       phone = case when %(has_phone)s then %(phone)s else phone end,
                       city = case when %(has_city)s then %(city)s else city end
                   where customer_id = %(id)s""",
                values,
            )
        except psycopg.IntegrityError as error:
            session.rollback()
            raise ValueError(f"{email}: {error}") from error
        return done.rowcount > 0


def remove_customer(db: PostgresHandle, customer_id: int, at: datetime) -> str:
    aware(at=at)
    with opened(db) as session:
        try:
            with session.transaction():
                gone = session.execute("delete from customers where customer_id = %s", [customer_id])
        except psycopg.errors.ForeignKeyViolation:
            session.execute(
                "update customers set closed_at = coalesce(closed_at, %s) where customer_id = %s", [at, customer_id]
            )
            return "closed"
        return "deleted" if gone.rowcount else "unknown"


def upsert_products(db: PostgresHandle, rows: list[dict]) -> dict[str, int]:
    with opened(db) as session, session.cursor() as cursor:
        cursor.execute(
            "create temp table upload (n int, sku text, name text, category text, price bigint, active boolean)"
        )
        with cursor.copy(f"copy upload (n, {', '.join(FIELDS)}) from stdin") as copy:
            for number, row in enumerate(rows):
                copy.write_row([number, *(row[field] for field in FIELDS)])
        cursor.execute("delete from upload as a using upload as b where a.sku = b.sku and a.n < b.n")
        total = cursor.execute("select count(*) as n from upload").fetchone()["n"]
        bad = cursor.execute("select sku from upload where coalesce(price, 0) <= 0 or name is null or active is null")
        if refused := bad.fetchone():
            raise ValueError(f"{refused['sku']} has a bad price, name or active")
        updated = cursor.execute(
            """update products as p set name = u.name, category = u.category, price = u.price, active = u.active
               from upload as u
               where p.sku = u.sku and (p.name is distinct from u.name or p.category is distinct from u.category
                                        or p.price is distinct from u.price or p.active is distinct from u.active)"""
        ).rowcount
        inserted = cursor.execute(
            """insert into products (sku, name, category, price, active)
               select sku, u.name, u.category, u.price, u.active from upload as u left join products as p using (sku)
               where p.sku is null"""
        ).rowcount
    return {"inserted": inserted, "updated": updated, "unchanged": total - inserted - updated}


def order_balances(db: PostgresHandle, since: datetime, until: datetime) -> list[dict]:
    aware(since=since, until=until)
    query = """
        with moves as (
            select order_id, quantity * unit_price as item, 0 as payment from order_items
            union all
            select order_id, 0, amount from payments
        )
        select order_id, coalesce(sum(item), 0) as items, coalesce(sum(payment), 0) as paid
        from orders left join moves using (order_id)
        where ordered_at >= %s and ordered_at < %s and status in ('placed', 'paid', 'shipped')
        group by order_id
        order by order_id"""
    with opened(db) as session:
        found = [{key: int(value) for key, value in row.items()} for row in session.execute(query, [since, until])]
    return [row | {"due": row["items"] - row["paid"]} for row in found]


def revenue_by_month(db: PostgresHandle, year: int) -> list[dict]:
    query = """
        with totals as (
            select date_trunc('month', ordered_at at time zone 'Asia/Ho_Chi_Minh')::date as month,
                   (select sum(quantity * unit_price) from order_items as i where i.order_id = o.order_id) as items
            from orders as o
            where status <> 'cancelled'
        )
        select make_date(%(year)s, m, 1) as month, count(totals.month) as orders,
               coalesce(sum(items), 0)::bigint as revenue
        from generate_series(1, 12) as m left join totals on totals.month = make_date(%(year)s, m, 1)
        group by m
        order by m"""
    with closing(opened(db)) as session:
        session.execute("set time zone 'Asia/Ho_Chi_Minh'")
        return session.execute(query, {"year": year}).fetchall()


def best_sellers(db: PostgresHandle, n: int, since: datetime, until: datetime) -> list[dict]:
    aware(since=since, until=until)
    query = """
        with sold as (
            select p.category, p.sku, sum(i.quantity) as units
            from products as p join order_items as i on i.sku = p.sku join orders as o on o.order_id = i.order_id
            where p.category <> '' and o.status <> 'cancelled' and o.ordered_at >= %s and o.ordered_at < %s
            group by p.sku
        )
        select * from (
            select category, sku, units,
                   1 + (select count(*) from sold as b where b.category = a.category and b.units > a.units) as rank
            from sold as a
        ) as ranked
        where rank <= %s
        order by category, rank, sku"""
    with opened(db) as session:
        return session.execute(query, [since, until, n]).fetchall()


def never_bought(db: PostgresHandle, category: str) -> list[int]:
    query = """
        with bought as (
            select distinct customer_id
            from orders join order_items using (order_id) join products using (sku)
            where status <> 'cancelled' and category = %s and customer_id is not null
        )
        select customer_id from customers left join bought using (customer_id)
        where closed_at is null and customer_id not in (select customer_id from bought)
        order by customer_id"""
    with psycopg.connect(db.url, row_factory=scalar_row) as session:
        return session.execute(query, [category]).fetchall()
