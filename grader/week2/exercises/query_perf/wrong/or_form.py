"""Writes the comparison of pairs with OR, where no index finds a beginning.

Caught by: test_a_deep_page_costs_what_the_first_costs
"""


def page(after, size):
    if size < 1:
        raise ValueError(f"size: {size} is less than 1")
    where, params = "", {}
    if after is not None:
        at, order_id = after
        if at.utcoffset() is None:
            raise ValueError(f"after: {at} has no time zone")
        where, params = (
            "WHERE ordered_at > %(at)s OR (ordered_at = %(at)s AND order_id > %(order_id)s)",
            {"at": at, "order_id": order_id},
        )
    sql = f"SELECT order_id, ordered_at FROM orders {where} ORDER BY ordered_at, order_id LIMIT %(size)s"
    return sql, params | {"size": size}
