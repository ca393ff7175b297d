"""Joins the coupons in the order in which they are stored.

Caught by: test_the_view_shows_each_line_once_with_all_coupons
"""

SALES_FLAT = """
create or replace view sales_flat as
select order_id, ordered_at, email, customers.name as customer, city, region,
       line, sku, products.name as product, category, quantity, unit_price,
       coalesce(coupons, '') as coupons
from order_items
join orders using (order_id)
join customers using (customer_id)
join cities using (city)
join products using (sku)
left join (
    select order_id, string_agg(coupon, ',') as coupons
    from order_coupons
    group by order_id
) as joined using (order_id)
"""
