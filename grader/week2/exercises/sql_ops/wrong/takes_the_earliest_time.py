"""Keeps the earliest of the times, which need not be the first that was given.

Caught by: test_the_first_closing_time_stays
"""


def remove_customer(db, customer_id, at):
    need_aware(at=at)
    close = "update customers set closed_at = least(closed_at, %s) where customer_id = %s"
    with psycopg.connect(db.url) as session:
        if session.execute("select from orders where customer_id = %s", [customer_id]).rowcount:
            session.execute(close, [at, customer_id])
            return "closed"
        gone = session.execute("delete from customers where customer_id = %s", [customer_id]).rowcount
    return "deleted" if gone else "unknown"
