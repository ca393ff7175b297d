"""Indexes the order of a line, with which the primary key begins already.

Caught by: test_no_index_repeats_the_first_columns_of_another
"""

INDEXES = """
create index if not exists customers_of_city on customers (city);
create index if not exists orders_of_customer on orders (customer_id, ordered_at);
create index if not exists orders_by_time on orders (ordered_at);
create index if not exists lines_of_product on order_items (sku) include (quantity);
create index if not exists lines_of_order on order_items (order_id);
"""
