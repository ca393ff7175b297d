"""Leaves out what is no longer sold, though it was.

Caught by: test_units_are_added_up_over_all_orders
"""


def best_sellers(db, n, since, until):
    need_aware(since=since, until=until)
    query = """
        with sold as (
            select category, sku, sum(quantity) as units
            from orders join order_items using (order_id) join products using (sku)
            where ordered_at >= %(since)s and ordered_at < %(until)s and status <> 'cancelled'
              and category is not null and active
            group by category, sku
        ), ranked as (
            select *, rank() over (partition by category order by units desc) as rank from sold
        )
        select category, sku, units, rank from ranked where rank <= %(n)s order by category, rank, sku"""
    return select(db, query, {"n": n, "since": since, "until": until})
