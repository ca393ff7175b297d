"""Adds up the payments that it sees, and does not ask who else is just paying.

Caught by: test_two_parts_in_one_moment_make_the_order_paid
"""


def lock_order(conn, order_id):
    order = conn.execute("SELECT status, total FROM orders WHERE order_id = %s", [order_id]).fetchone()
    if not order:
        raise ValueError(f"there is no order {order_id}")
    return order
