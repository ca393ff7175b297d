"""Makes an index for each column.

Caught by: test_at_most_five_indexes_are_added_however_often_it_is_called, test_no_index_repeats_the_first_columns_of_another, test_the_newest_orders_of_a_customer_read_few_buffers
"""

INDEXES = """
create index if not exists customers_city on customers (city);
create index if not exists customers_name on customers (name);
create index if not exists orders_customer_id on orders (customer_id);
create index if not exists orders_ordered_at on orders (ordered_at);
create index if not exists order_items_order_id on order_items (order_id);
create index if not exists order_items_sku on order_items (sku);
create index if not exists order_items_quantity on order_items (quantity);
create index if not exists order_coupons_order_id on order_coupons (order_id);
create index if not exists prices_sku on prices (sku);
"""
