"""Leaves the null of a sum of nothing as it is.

Caught by: test_orders_without_lines_or_payments_are_there
"""


def order_balances(db, since, until):
    need_aware(since=since, until=until)
    query = """
        select order_id, items, paid, items - paid as due
        from orders as o
        cross join lateral (
            select sum(quantity * unit_price)::bigint as items
            from order_items where order_id = o.order_id
        ) as i
        cross join lateral (
            select sum(amount)::bigint as paid from payments where order_id = o.order_id
        ) as p
        where ordered_at >= %(since)s and ordered_at < %(until)s and status <> 'cancelled'
        order by order_id"""
    return select(db, query, {"since": since, "until": until})
