"""Has one price per product: what was paid changes with the list.

Caught by: test_the_price_paid_stays_when_the_list_changes
"""

SALES_FLAT = """
create or replace view sales_flat as
select order_id, ordered_at, email, customers.name as customer, city, region,
       line, sku, products.name as product, category, quantity, coalesce(list_price, unit_price) as unit_price,
       coalesce(coupons, '') as coupons
from order_items
join orders using (order_id)
join customers using (customer_id)
join cities using (city)
join products using (sku)
left join (select sku, price as list_price from prices where upper_inf(valid)) as listed using (sku)
left join (
    select order_id, string_agg(coupon, ',' order by coupon collate "C") as coupons
    from order_coupons
    group by order_id
) as joined using (order_id)
"""
