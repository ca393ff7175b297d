"""Takes the day of UTC for the day of the shops.

Caught by: test_a_day_of_the_shops_is_from_17_to_17_utc
"""


def day_orders(day):
    sql = """
        SELECT order_id, amount FROM orders
        WHERE ordered_at >= %(day)s::timestamp AT TIME ZONE 'UTC'
          AND ordered_at < (%(day)s::timestamp + interval '1 day') AT TIME ZONE 'UTC'
        ORDER BY order_id
    """
    return sql, {"day": day}
