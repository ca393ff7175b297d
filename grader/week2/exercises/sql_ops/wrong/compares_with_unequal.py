"""Compares with <>, which is neither true nor false where a null is.

Caught by: test_a_category_that_comes_or_goes_is_a_change
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
        on conflict (sku) do update
        set (name, category, price, active) = (excluded.name, excluded.category, excluded.price, excluded.active)
        where p.name <> excluded.name or p.category <> excluded.category
              or p.price <> excluded.price or p.active <> excluded.active
        returning sku
    )
    select count(*) - count(known.sku) as inserted, count(known.sku) as updated
    from written left join known using (sku)"""
