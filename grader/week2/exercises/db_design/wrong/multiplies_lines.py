"""Joins coupons to lines and shows each line once for each coupon.

Caught by: test_the_view_shows_each_line_once_with_all_coupons
"""

SALES_FLAT = """
create or replace view sales_flat as
select order_id, ordered_at, email, customers.name as customer, city, region,
       line, sku, products.name as product, category, quantity, unit_price,
       coalesce(coupon, '') as coupons
from order_items
join orders using (order_id)
join customers using (customer_id)
join cities using (city)
join products using (sku)
left join order_coupons using (order_id)
"""
