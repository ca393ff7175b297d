"""Makes the indexes again at each call.

Caught by: test_at_most_five_indexes_are_added_however_often_it_is_called
"""

INDEXES = """
create index on customers (city);
create index on orders (customer_id, ordered_at);
create index on orders (ordered_at);
create index on order_items (sku) include (quantity);
"""
