"""date_trunc on a timestamptz as it comes: the months are those of the session's time zone.

Caught by: test_an_order_belongs_to_the_month_of_the_shops
"""


def revenue_by_month(db, year):
    query = """
        select make_date(%(year)s, m, 1) as month, count(distinct order_id) as orders,
               coalesce(sum(quantity * unit_price), 0)::bigint as revenue
        from generate_series(1, 12) as m
        left join orders on date_trunc('month', ordered_at)::date = make_date(%(year)s, m, 1) and status <> 'cancelled'
        left join order_items using (order_id)
        group by m
        order by m"""
    return select(db, query, {"year": year})
