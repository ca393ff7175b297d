"""Overwrites customers, cities and products with what came last.

Caught by: test_orders_with_a_contradicted_email_city_or_sku_are_refused_and_only_these
"""

DETERMINES = {
    ("order_id",): ("ordered_at", "email", "coupons"),
    ("order_id", "line"): ("sku", "quantity", "unit_price"),
}

INSERTS = """
insert into cities select distinct on (city) city, region from arriving
    on conflict (city) do update set region = excluded.region;
insert into products select distinct on (sku) sku, product, category from arriving
    on conflict (sku) do update set name = excluded.name, category = excluded.category;
insert into customers (email, name, city)
    select distinct on (email) email, customer, city from arriving
    on conflict (lower(email)) do update set name = excluded.name, city = excluded.city;
insert into orders (order_id, customer_id, ordered_at)
    select distinct order_id, customer_id, ordered_at
    from arriving join customers on lower(customers.email) = arriving.email on conflict do nothing;
insert into order_coupons (order_id, coupon)
    select order_id, string_to_table(coupons, ',') from arriving where coupons <> '' on conflict do nothing;
"""
