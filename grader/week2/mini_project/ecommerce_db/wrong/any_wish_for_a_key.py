"""Gives the answer of a known key, whatever is asked with it.

Caught by: test_a_key_belongs_to_one_wish
"""


def answer_again(conn, key, customer_id, items):
    query = """
        SELECT order_id, CASE WHEN order_id IS NULL THEN 'refused' ELSE 'placed' END AS status,
               coalesce(total, 0) AS total, missing
        FROM order_requests LEFT JOIN orders USING (order_id) WHERE key = %s"""
    return conn.execute(query, [key]).fetchone()
