"""Believes that a foreign key brings an index for its own side.

Caught by: test_every_foreign_key_has_an_index, test_the_quantity_of_a_product_reads_few_buffers
"""

INDEXES = """
create index if not exists orders_of_customer on orders (customer_id, ordered_at);
create index if not exists orders_by_time on orders (ordered_at);
"""
