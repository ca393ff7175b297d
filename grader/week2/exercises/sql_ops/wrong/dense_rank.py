"""Counts ranks instead of products: 1, 1, 2.

Caught by: test_equals_share_a_rank_and_none_is_dropped
"""


def best_sellers(db, n, since, until):
    need_aware(since=since, until=until)
    query = """
        with sold as (
            select category, sku, sum(quantity) as units
            from orders join order_items using (order_id) join products using (sku)
            where ordered_at >= %(since)s and ordered_at < %(until)s and status <> 'cancelled'
              and category is not null
            group by category, sku
        ), ranked as (
            select *, dense_rank() over (partition by category order by units desc) as rank from sold
        )
        select category, sku, units, rank from ranked where rank <= %(n)s order by category, rank, sku"""
    return select(db, query, {"n": n, "since": since, "until": until})
