"""Writes the new time over the first one.

Caught by: test_the_first_closing_time_stays
"""


def remove_customer(db, customer_id, at):
    need_aware(at=at)
    with psycopg.connect(db.url) as session:
        if session.execute("select from orders where customer_id = %s", [customer_id]).rowcount:
            session.execute("update customers set closed_at = %s where customer_id = %s", [at, customer_id])
            return "closed"
        gone = session.execute("delete from customers where customer_id = %s", [customer_id]).rowcount
    return "deleted" if gone else "unknown"
