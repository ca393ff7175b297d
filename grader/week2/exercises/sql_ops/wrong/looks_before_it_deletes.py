"""Sees no orders, deletes, and meets the foreign key of an order that came in between.

Caught by: test_an_order_that_comes_in_the_same_moment_is_an_order
"""


def remove_customer(db, customer_id, at):
    need_aware(at=at)
    close = "update customers set closed_at = coalesce(closed_at, %s) where customer_id = %s"
    with psycopg.connect(db.url) as session:
        if session.execute("select from orders where customer_id = %s", [customer_id]).rowcount:
            session.execute(close, [at, customer_id])
            return "closed"
        gone = session.execute("delete from customers where customer_id = %s", [customer_id]).rowcount
        return "deleted" if gone else "unknown"
