"""Has the column of the foreign key in an index, but not in front.

Caught by: test_every_foreign_key_has_an_index, test_the_newest_orders_of_a_customer_read_few_buffers
"""

INDEXES = """
create index if not exists customers_of_city on customers (city);
create index if not exists orders_of_customer on orders (ordered_at, customer_id);
create index if not exists lines_of_product on order_items (sku) include (quantity);
"""
