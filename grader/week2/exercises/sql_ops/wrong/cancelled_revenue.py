"""Counts cancelled orders among the others.

Caught by: test_the_months_add_up_to_the_orders, test_a_year_has_twelve_months
"""


def revenue_by_month(db, year):
    query = """
        with months as (
            select month::date,
                   month at time zone 'Asia/Ho_Chi_Minh' as since,
                   (month + interval '1 month') at time zone 'Asia/Ho_Chi_Minh' as until
            from generate_series(make_date(%(year)s, 1, 1)::timestamp, make_date(%(year)s, 12, 1), '1 month') as month
        )
        select month, count(distinct order_id) as orders,
               coalesce(sum(quantity * unit_price), 0)::bigint as revenue
        from months
        left join orders on ordered_at >= since and ordered_at < until
        left join order_items using (order_id)
        group by month
        order by month"""
    return select(db, query, {"year": year})
