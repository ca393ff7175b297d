"""Finds the orders of a customer, but reads and sorts them all.

Caught by: test_the_newest_orders_of_a_customer_read_few_buffers
"""

INDEXES = """
create index if not exists customers_of_city on customers (city);
create index if not exists orders_of_customer on orders (customer_id);
create index if not exists orders_by_time on orders (ordered_at);
create index if not exists lines_of_product on order_items (sku) include (quantity);
"""
