"""Joins, and hopes that DISTINCT takes back what the join multiplied.

Caught by: test_lines_and_payments_do_not_multiply_each_other
"""


def order_balances(db, since, until):
    need_aware(since=since, until=until)
    query = """
        select order_id, items, paid, items - paid as due
        from (
            select order_id, coalesce(sum(distinct quantity * unit_price), 0)::bigint as items,
                   coalesce(sum(distinct amount), 0)::bigint as paid
            from orders left join order_items using (order_id) left join payments using (order_id)
            where ordered_at >= %(since)s and ordered_at < %(until)s and status <> 'cancelled'
            group by order_id
        ) as totals
        order by order_id"""
    return select(db, query, {"since": since, "until": until})
