"""Remembers how many rows it has shown, and skips as many: new rows shift them.

Caught by: test_orders_inserted_before_shift_nothing
"""


def page(after, size):
    if size < 1:
        raise ValueError(f"size: {size} is less than 1")
    if after is not None and after[0].utcoffset() is None:
        raise ValueError(f"after: {after[0]} has no time zone")
    page.shown = getattr(page, "shown", 0) + size if after else 0
    sql = "SELECT order_id, ordered_at FROM orders ORDER BY ordered_at, order_id OFFSET %(skip)s LIMIT %(size)s"
    return sql, {"skip": page.shown, "size": size}
