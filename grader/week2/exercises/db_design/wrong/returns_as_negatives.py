"""Lets quantities be negative.

Caught by: test_quantities_and_prices_have_bounds
"""

ORDER_ITEMS = """
create table if not exists order_items (
    order_id    bigint references orders on delete cascade,
    line        int,
    sku         text not null references products,
    quantity    int not null check (quantity <> 0),
    unit_price  bigint not null check (unit_price >= 0),  -- what was paid, whatever the list says later
    primary key (order_id, line)
)
"""
