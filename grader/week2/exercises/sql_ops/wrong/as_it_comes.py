"""Forgets ORDER BY: the rows come as they lie in the table.

Caught by: test_the_sum_over_orders_is_the_sum_over_lines
"""


def order_balances(db, since, until):
    need_aware(since=since, until=until)
    query = """
        select order_id, items, paid, items - paid as due
        from orders as o
        cross join lateral (
            select coalesce(sum(quantity * unit_price), 0)::bigint as items
            from order_items where order_id = o.order_id
        ) as i
        cross join lateral (
            select coalesce(sum(amount), 0)::bigint as paid from payments where order_id = o.order_id
        ) as p
        where ordered_at >= %(since)s and ordered_at < %(until)s and status <> 'cancelled'"""
    return select(db, query, {"since": since, "until": until})
