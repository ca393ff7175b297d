"""Closes everybody, also who never ordered anything.

Caught by: test_a_customer_without_orders_is_deleted, test_an_unknown_customer_is_unknown
"""


def remove_customer(db, customer_id, at):
    need_aware(at=at)
    close = "update customers set closed_at = coalesce(closed_at, %s) where customer_id = %s"
    with psycopg.connect(db.url) as session:
        return "closed" if session.execute(close, [at, customer_id]).rowcount else "unknown"
