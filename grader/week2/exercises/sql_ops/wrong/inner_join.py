"""Joins the payments so that orders without one vanish.

Caught by: test_orders_without_lines_or_payments_are_there, test_the_sum_over_orders_is_the_sum_over_lines
"""


def order_balances(db, since, until):
    need_aware(since=since, until=until)
    query = """
        select order_id, items, paid, items - paid as due
        from orders
        join (select order_id, sum(quantity * unit_price)::bigint as items from order_items group by order_id) as i
             using (order_id)
        join (select order_id, sum(amount)::bigint as paid from payments group by order_id) as p using (order_id)
        where ordered_at >= %(since)s and ordered_at < %(until)s and status <> 'cancelled'
        order by order_id"""
    return select(db, query, {"since": since, "until": until})
