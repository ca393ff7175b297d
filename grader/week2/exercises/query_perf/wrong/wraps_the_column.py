"""Converts the column, so that no index on it can be used.

Caught by: test_a_day_is_found_by_the_index
"""


def day_orders(day):
    sql = """
        SELECT order_id, amount FROM orders
        WHERE date_trunc('day', ordered_at AT TIME ZONE 'Asia/Ho_Chi_Minh') = %(day)s
        ORDER BY order_id
    """
    return sql, {"day": day}
