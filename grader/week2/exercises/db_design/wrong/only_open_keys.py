"""Supports a foreign key with a partial index.

Caught by: test_every_foreign_key_has_an_index
"""

INDEXES = """
create index if not exists customers_of_city on customers (city) where city <> '';
create index if not exists orders_of_customer on orders (customer_id, ordered_at);
create index if not exists orders_by_time on orders (ordered_at);
create index if not exists lines_of_product on order_items (sku) include (quantity);
"""
