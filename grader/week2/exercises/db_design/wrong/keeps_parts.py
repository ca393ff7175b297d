"""An order with lines cannot be deleted.

Caught by: test_what_is_in_use_stays_and_an_order_takes_its_parts_along
"""

ORDER_ITEMS = """
create table if not exists order_items (
    order_id    bigint references orders,
    line        int,
    sku         text not null references products,
    quantity    int not null check (quantity >= 1),
    unit_price  bigint not null check (unit_price >= 0),  -- what was paid, whatever the list says later
    primary key (order_id, line)
)
"""
