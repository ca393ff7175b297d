"""Takes a time without zone, which each session reads in its own.

Caught by: test_a_time_without_zone_and_a_page_of_nothing_are_refused
"""


def page(after, size):
    if size < 1:
        raise ValueError(f"size: {size} is less than 1")
    where, params = "", {}
    if after is not None:
        at, order_id = after
        where, params = "WHERE (ordered_at, order_id) > (%(at)s, %(order_id)s)", {"at": at, "order_id": order_id}
    sql = f"SELECT order_id, ordered_at FROM orders {where} ORDER BY ordered_at, order_id LIMIT %(size)s"
    return sql, params | {"size": size}
