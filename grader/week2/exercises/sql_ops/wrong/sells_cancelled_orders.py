"""Counts units of orders that were cancelled.

Caught by: test_only_orders_of_the_time_that_are_not_cancelled_count
"""


def best_sellers(db, n, since, until):
    need_aware(since=since, until=until)
    query = """
        with sold as (
            select category, sku, sum(quantity) as units
            from orders join order_items using (order_id) join products using (sku)
            where ordered_at >= %(since)s and ordered_at < %(until)s
              and category is not null
            group by category, sku
        ), ranked as (
            select *, rank() over (partition by category order by units desc) as rank from sold
        )
        select category, sku, units, rank from ranked where rank <= %(n)s order by category, rank, sku"""
    return select(db, query, {"n": n, "since": since, "until": until})
