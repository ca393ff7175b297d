"""Groups the orders, so months without any are not there.

Caught by: test_a_year_has_twelve_months
"""


def revenue_by_month(db, year):
    query = """
        select date_trunc('month', ordered_at at time zone 'Asia/Ho_Chi_Minh')::date as month,
               count(distinct order_id) as orders, coalesce(sum(quantity * unit_price), 0)::bigint as revenue
        from orders left join order_items using (order_id)
        where extract(year from ordered_at at time zone 'Asia/Ho_Chi_Minh') = %(year)s and status <> 'cancelled'
        group by 1
        order by 1"""
    return select(db, query, {"year": year})
