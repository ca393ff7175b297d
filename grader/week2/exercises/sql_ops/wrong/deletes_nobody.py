"""Says deleted when there are no orders, without a look at what the DELETE did.

Caught by: test_an_unknown_customer_is_unknown
"""


def remove_customer(db, customer_id, at):
    need_aware(at=at)
    close = "update customers set closed_at = coalesce(closed_at, %s) where customer_id = %s"
    with psycopg.connect(db.url) as session:
        if session.execute("select from orders where customer_id = %s", [customer_id]).rowcount:
            session.execute(close, [at, customer_id])
            return "closed"
        session.execute("delete from customers where customer_id = %s", [customer_id])
        return "deleted"
