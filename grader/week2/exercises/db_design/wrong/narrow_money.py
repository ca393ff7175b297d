"""Stores money in 32 bits.

Caught by: test_the_view_shows_each_line_once_with_all_coupons
"""

ORDER_ITEMS = """
create table if not exists order_items (
    order_id    bigint references orders on delete cascade,
    line        int,
    sku         text not null references products,
    quantity    int not null check (quantity >= 1),
    unit_price  int not null check (unit_price >= 0),  -- what was paid, whatever the list says later
    primary key (order_id, line)
)
"""
