"""BETWEEN takes the midnight of the next day along.

Caught by: test_a_day_of_the_shops_is_from_17_to_17_utc
"""


def day_orders(day):
    start = datetime.combine(day, time(), SHOP)
    sql = "SELECT order_id, amount FROM orders WHERE ordered_at BETWEEN %(start)s AND %(end)s ORDER BY order_id"
    return sql, {"start": start, "end": start + timedelta(days=1)}
