"""Has no foreign keys: the loader will not write orphans.

Caught by: test_there_are_no_orphans
"""

CUSTOMERS = r"""
create table if not exists customers (
    customer_id  bigint primary key generated always as identity,
    email        text not null check (email ~ '\S'),
    name         text not null check (name ~ '\S'),
    city         text not null
);
create unique index if not exists customers_email on customers (lower(email))
"""

ORDERS = """
create table if not exists orders (
    order_id     bigint primary key,
    customer_id  bigint not null,
    ordered_at   timestamptz not null
)
"""

ORDER_ITEMS = """
create table if not exists order_items (
    order_id    bigint,
    line        int,
    sku         text not null references products,
    quantity    int not null check (quantity >= 1),
    unit_price  bigint not null check (unit_price >= 0),  -- what was paid, whatever the list says later
    primary key (order_id, line)
)
"""
