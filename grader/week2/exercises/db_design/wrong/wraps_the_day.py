"""Indexes the day of the shops, which the query does not ask for.

Caught by: test_the_orders_of_one_day_read_few_buffers
"""

INDEXES = """
create index if not exists customers_of_city on customers (city);
create index if not exists orders_of_customer on orders (customer_id, ordered_at);
create index if not exists orders_by_time on orders (((ordered_at at time zone 'Asia/Ho_Chi_Minh')::date));
create index if not exists lines_of_product on order_items (sku) include (quantity);
"""
