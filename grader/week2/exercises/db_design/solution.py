"""Week 2 · Database design: a model answer."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import psycopg
from psycopg.rows import dict_row

FD = tuple[set[str], set[str]]


@dataclass(frozen=True)
class PostgresHandle:
    """Where your database is: `psycopg.connect(db.url)`. The role in it owns the database and is no superuser."""

    url: str


# Dependencies


def closure(attributes: set[str], fds: list[FD]) -> set[str]:
    known = set(attributes)
    while new := [right for left, right in fds if left <= known and not right <= known]:
        known.update(*new)
    return known


def candidate_keys(relation: set[str], fds: list[FD]) -> list[set[str]]:
    keys: list[set[str]] = []
    for names in _subsets(relation):
        holds_a_key = any(key <= names for key in keys)  # smaller sets came first
        if not holds_a_key and closure(names, fds) >= relation:
            keys.append(names)
    return keys


def _subsets(names: set[str]) -> Iterator[set[str]]:
    """All subsets, by size, then by sorted names."""
    for size in range(len(names) + 1):
        yield from map(set, combinations(sorted(names), size))


def decompose(relation: set[str], fds: list[FD]) -> list[set[str]]:
    relations = _one_for_each_left_side(_minimal_cover(fds))
    keys = candidate_keys(relation, fds)
    if not any(key <= one for key in keys for one in relations):
        relations.append(keys[0])  # without it, joining the others would make up rows
    return _without_contained(relations)


def _minimal_cover(fds: list[FD]) -> list[FD]:
    """The same in simple dependencies: one attribute on the right, and nothing that one could do without."""
    cover = [(set(left), {name}) for left, right in fds for name in sorted(right - left)]
    for left, right in cover:
        for name in sorted(left):
            if right <= closure(left - {name}, cover):
                left.remove(name)
    for fd in list(cover):
        others = [other for other in cover if other is not fd]
        if fd[1] <= closure(fd[0], others):
            cover = others
    return cover


def _one_for_each_left_side(cover: list[FD]) -> list[set[str]]:
    relations: dict[frozenset[str], set[str]] = {}
    for left, right in cover:
        relations.setdefault(frozenset(left), set(left)).update(right)
    return list(relations.values())


def _without_contained(relations: list[set[str]]) -> list[set[str]]:
    """Largest first: then only what is kept already can contain the next."""
    kept: list[set[str]] = []
    for one in sorted(relations, key=len, reverse=True):
        if not any(one <= other for other in kept):
            kept.append(one)
    return kept


def counterexamples(rows: list[dict], left: list[str], right: str) -> list[tuple]:
    seen = defaultdict(set)
    for row in rows:
        seen[tuple(row[name] for name in left)].add(row[right])
    return sorted((value for value, rights in seen.items() if len(rights) > 1), key=str)


# Tables

CITIES = r"""
create table if not exists cities (
    city    text primary key check (city ~ '\S'),
    region  text not null check (region ~ '\S')
)
"""
CUSTOMERS = r"""
create table if not exists customers (
    customer_id  bigint primary key generated always as identity,
    email        text not null check (email ~ '\S'),
    name         text not null check (name ~ '\S'),
    city         text not null references cities
);
create unique index if not exists customers_email on customers (lower(email))
"""
PRODUCTS = r"""
create table if not exists products (
    sku       text primary key check (sku ~ '\S'),
    name      text not null check (name ~ '\S'),
    category  text not null check (category ~ '\S')
)
"""
ORDERS = """
create table if not exists orders (
    order_id     bigint primary key,
    customer_id  bigint not null references customers,
    ordered_at   timestamptz not null
)
"""
ORDER_ITEMS = """
create table if not exists order_items (
    order_id    bigint references orders on delete cascade,
    line        int,
    sku         text not null references products,
    quantity    int not null check (quantity >= 1),
    unit_price  bigint not null check (unit_price >= 0),  -- what was paid, whatever the list says later
    primary key (order_id, line)
)
"""
ORDER_COUPONS = r"""
create table if not exists order_coupons (
    order_id  bigint references orders on delete cascade,
    coupon    text check (coupon ~ '\S' and coupon !~ ','),
    primary key (order_id, coupon)
)
"""
PRICES = """
create extension if not exists btree_gist;  -- so that a GiST index can compare text with =
create table if not exists prices (
    sku    text not null references products,
    price  bigint not null check (price >= 0),
    valid  daterange not null check (not isempty(valid)),
    constraint one_price_a_day exclude using gist (sku with =, valid with &&)
)
"""
SALES_FLAT = """
create or replace view sales_flat as
select order_id, ordered_at, email, customers.name as customer, city, region,
       line, sku, products.name as product, category, quantity, unit_price,
       coalesce(coupons, '') as coupons
from order_items
join orders using (order_id)
join customers using (customer_id)
join cities using (city)
join products using (sku)
left join (
    select order_id, string_agg(coupon, ',' order by coupon collate "C") as coupons
    from order_coupons
    group by order_id
) as joined using (order_id)
"""


def create_schema(db: PostgresHandle) -> None:
    with psycopg.connect(db.url) as connection:
        for sql in (CITIES, CUSTOMERS, PRODUCTS, ORDERS, ORDER_ITEMS, ORDER_COUPONS, PRICES, SALES_FLAT):
            connection.execute(sql)


# Loading

FLAT = (
    "order_id", "ordered_at", "email", "customer", "city", "region", "line", "sku", "product", "category",
    "quantity", "unit_price", "coupons",
)  # fmt: skip

DETERMINES = {
    ("email",): ("customer", "city"),
    ("city",): ("region",),
    ("sku",): ("product", "category"),
    ("order_id",): ("ordered_at", "email", "coupons"),
    ("order_id", "line"): ("sku", "quantity", "unit_price"),
}

# What the tables hold about the left sides that arrive, in the names of a flat row.
STORED = {
    ("email",): """
        select lower(email) as email, name as customer, city
        from customers where lower(email) in (select email from arriving)""",
    ("city",): """
        select city, region from cities where city in (select city from arriving)""",
    ("sku",): """
        select sku, name as product, category from products where sku in (select sku from arriving)""",
    ("order_id",): """
        select order_id, ordered_at, lower(email) as email,
               coalesce(string_agg(coupon, ',' order by coupon collate "C"), '') as coupons
        from orders join customers using (customer_id) left join order_coupons using (order_id)
        where order_id in (select order_id from arriving)
        group by order_id, ordered_at, email""",
    ("order_id", "line"): """
        select order_id, line, sku, quantity, unit_price
        from order_items where order_id in (select order_id from arriving)""",
}

# Parents first. What is stored already agrees, so there is nothing to do about it.
INSERTS = """
insert into cities select distinct city, region from arriving on conflict do nothing;
insert into products select distinct sku, product, category from arriving on conflict do nothing;
insert into customers (email, name, city)
    select distinct email, customer, city from arriving on conflict do nothing;
insert into orders (order_id, customer_id, ordered_at)
    select distinct order_id, customer_id, ordered_at
    from arriving join customers on lower(customers.email) = arriving.email on conflict do nothing;
insert into order_coupons (order_id, coupon)
    select order_id, string_to_table(coupons, ',') from arriving where coupons <> '' on conflict do nothing;
"""
INSERT_LINES = """
insert into order_items (order_id, line, sku, quantity, unit_price)
    select order_id, line, sku, quantity, unit_price from arriving on conflict do nothing
"""

# Other loads and other writers wait, readers do not: what we have compared with must still be true when we insert.
LOCK = """
lock table cities, customers, products, orders, order_items, order_coupons in share row exclusive mode
"""


def load_flat(db: PostgresHandle, rows: list[dict]) -> dict:
    clean = [_clean(row) for row in rows]
    try:
        with psycopg.connect(db.url) as connection:
            return _load(connection, clean)
    except (psycopg.IntegrityError, psycopg.DataError) as error:
        raise ValueError(f"a row breaks a rule of the tables: {error}") from error


def _clean(row: dict) -> dict:
    if row["ordered_at"].utcoffset() is None:
        raise ValueError(f"order {row['order_id']}: ordered_at {row['ordered_at']} has no time zone")
    clean = {name: _composed(row[name]) for name in FLAT}
    return clean | {"email": clean["email"].strip().lower()}


def _composed(cell: object) -> object:
    return unicodedata.normalize("NFC", cell) if isinstance(cell, str) else cell


def _load(connection: psycopg.Connection, rows: list[dict]) -> dict:
    connection.execute(LOCK)
    _stage(connection, rows)
    refused_orders = _contradicted_orders(connection, rows)
    connection.execute("delete from arriving where order_id = any(%s)", [list(refused_orders)])
    connection.execute(INSERTS)
    lines = connection.execute(INSERT_LINES).rowcount
    refused = [index for index, row in enumerate(rows) if row["order_id"] in refused_orders]
    return {"lines": lines, "duplicates": len(rows) - len(refused) - lines, "refused": refused}


def _stage(connection: psycopg.Connection, rows: list[dict]) -> None:
    """The rows go into a table of our own, so that all that follows works on sets."""
    connection.execute("create temp table arriving (like sales_flat) on commit drop")
    with connection.cursor().copy(f"copy arriving ({', '.join(FLAT)}) from stdin") as copy:
        for row in rows:
            copy.write_row([row[name] for name in FLAT])
    connection.execute("analyze arriving")


def _contradicted_orders(connection: psycopg.Connection, rows: list[dict]) -> set[int]:
    """A stored fact is one row more that must agree: counterexamples does not care where a row comes from."""
    cursor = connection.cursor(row_factory=dict_row)
    orders = set()
    for left, rights in DETERMINES.items():
        facts = rows + cursor.execute(STORED[left]).fetchall()
        contradicted = {value for right in rights for value in counterexamples(facts, list(left), right)}
        orders |= {row["order_id"] for row in rows if tuple(row[name] for name in left) in contradicted}
    return orders


# Prices


def set_price(db: PostgresHandle, sku: str, price: int, since: date) -> None:
    if price < 0:
        raise ValueError(f"the price of {sku} cannot be {price}")
    with psycopg.connect(db.url) as connection:
        _lock_product(connection, sku)
        values = {"sku": sku, "price": price, "since": since}
        connection.execute("delete from prices where sku = %(sku)s and lower(valid) = %(since)s", values)
        connection.execute(
            """update prices set valid = daterange(lower(valid), %(since)s)
               where sku = %(sku)s and valid @> %(since)s""",
            values,
        )
        connection.execute(
            """insert into prices (sku, price, valid)
               select %(sku)s, %(price)s, daterange(%(since)s, min(lower(valid)))
               from prices where sku = %(sku)s and lower(valid) > %(since)s""",
            values,
        )


def _lock_product(connection: psycopg.Connection, sku: str) -> None:
    """Two changes of one product's price wait for each other; sales of it go on."""
    found = connection.execute("select 1 from products where sku = %s for no key update", [sku])
    if not found.fetchone():
        raise ValueError(f"there is no product {sku}")


# Indexes

INDEXES = """
create index if not exists customers_of_city on customers (city);
create index if not exists orders_of_customer on orders (customer_id, ordered_at);
create index if not exists orders_by_time on orders (ordered_at);
create index if not exists lines_of_product on order_items (sku) include (quantity);
"""
# customers (lower(email)) has its unique index, and the first columns of primary keys and of the exclusion
# constraint serve the other foreign keys.


def create_indexes(db: PostgresHandle) -> None:
    with psycopg.connect(db.url) as connection:
        connection.execute(INDEXES)
