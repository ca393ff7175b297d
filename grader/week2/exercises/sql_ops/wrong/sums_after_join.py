"""Joins lines and payments to the order, then sums.

Caught by: test_lines_and_payments_do_not_multiply_each_other, test_the_sum_over_orders_is_the_sum_over_lines
"""


def order_balances(db, since, until):
    need_aware(since=since, until=until)
    query = """
        select order_id, items, paid, items - paid as due
        from (
            select order_id, coalesce(sum(quantity * unit_price), 0)::bigint as items,
                   coalesce(sum(amount), 0)::bigint as paid
            from orders left join order_items using (order_id) left join payments using (order_id)
            where ordered_at >= %(since)s and ordered_at < %(until)s and status <> 'cancelled'
            group by order_id
        ) as totals
        order by order_id"""
    return select(db, query, {"since": since, "until": until})
