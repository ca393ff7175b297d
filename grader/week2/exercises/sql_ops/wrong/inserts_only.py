"""ON CONFLICT DO NOTHING: known products keep their old values.

Caught by: test_new_products_come_in_and_known_ones_take_the_new_values
"""

UPSERT = """
    with upload as (
        select * from unnest(%(sku)s::text[], %(name)s::text[], %(category)s::text[], %(price)s::bigint[],
                             %(active)s::boolean[]) as u (sku, name, category, price, active)
    ), known as (
        select sku from products where sku = any(%(sku)s)
    ), written as (
        insert into products as p (sku, name, category, price, active)
        select * from upload
        on conflict do nothing
        returning sku
    )
    select count(*) - count(known.sku) as inserted, count(known.sku) as updated
    from written left join known using (sku)"""
