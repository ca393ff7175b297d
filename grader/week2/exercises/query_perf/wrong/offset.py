"""Counts what comes before, and skips it with OFFSET: all of it is read.

Caught by: test_a_deep_page_costs_what_the_first_costs
"""


def page(after, size):
    if size < 1:
        raise ValueError(f"size: {size} is less than 1")
    skip, params = "0", {}
    if after is not None:
        at, order_id = after
        if at.utcoffset() is None:
            raise ValueError(f"after: {at} has no time zone")
        skip = "(SELECT count(*) FROM orders WHERE (ordered_at, order_id) <= (%(at)s, %(order_id)s))"
        params = {"at": at, "order_id": order_id}
    sql = f"SELECT order_id, ordered_at FROM orders ORDER BY ordered_at, order_id OFFSET {skip} LIMIT %(size)s"
    return sql, params | {"size": size}
