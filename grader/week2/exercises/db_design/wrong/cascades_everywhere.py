"""Deletes whatever refers to a deleted row.

Caught by: test_what_is_in_use_stays_and_an_order_takes_its_parts_along
"""

ORDERS = """
create table if not exists orders (
    order_id     bigint primary key,
    customer_id  bigint not null references customers on delete cascade,
    ordered_at   timestamptz not null
)
"""
