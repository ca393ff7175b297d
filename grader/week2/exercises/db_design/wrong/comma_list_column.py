"""Keeps the coupons of an order as one text.

Caught by: test_what_is_loaded_comes_back_from_the_view_and_each_fact_stands_once, test_the_view_shows_each_line_once_with_all_coupons
"""

ORDERS = """
create table if not exists orders (
    order_id     bigint primary key,
    customer_id  bigint not null references customers,
    ordered_at   timestamptz not null,
    coupons      text not null default ''
)
"""

SALES_FLAT = """
create or replace view sales_flat as
select order_id, ordered_at, email, customers.name as customer, city, region,
       line, sku, products.name as product, category, quantity, unit_price,
       orders.coupons
from order_items
join orders using (order_id)
join customers using (customer_id)
join cities using (city)
join products using (sku)
"""

STORED = {
    ("email",): """
        select lower(email) as email, name as customer, city
        from customers where lower(email) in (select email from arriving)""",
    ("city",): """
        select city, region from cities where city in (select city from arriving)""",
    ("sku",): """
        select sku, name as product, category from products where sku in (select sku from arriving)""",
    ("order_id",): """
        select order_id, ordered_at, lower(email) as email,
               coupons
        from orders join customers using (customer_id)
        where order_id in (select order_id from arriving)""",
    ("order_id", "line"): """
        select order_id, line, sku, quantity, unit_price
        from order_items where order_id in (select order_id from arriving)""",
}

INSERTS = """
insert into cities select distinct city, region from arriving on conflict do nothing;
insert into products select distinct sku, product, category from arriving on conflict do nothing;
insert into customers (email, name, city)
    select distinct email, customer, city from arriving on conflict do nothing;
insert into orders (order_id, customer_id, ordered_at, coupons)
    select distinct order_id, customer_id, ordered_at, coupons
    from arriving join customers on lower(customers.email) = arriving.email on conflict do nothing;
"""
