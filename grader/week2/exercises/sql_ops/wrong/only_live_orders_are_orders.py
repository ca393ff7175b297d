"""Takes a customer with cancelled orders for one without, and meets the foreign key.

Caught by: test_a_customer_with_orders_is_closed_and_the_orders_stay
"""


def remove_customer(db, customer_id, at):
    need_aware(at=at)
    live = "select from orders where customer_id = %s and status <> 'cancelled'"
    close = "update customers set closed_at = coalesce(closed_at, %s) where customer_id = %s"
    with psycopg.connect(db.url) as session:
        if session.execute(live, [customer_id]).rowcount:
            session.execute(close, [at, customer_id])
            return "closed"
        gone = session.execute("delete from customers where customer_id = %s", [customer_id]).rowcount
    return "deleted" if gone else "unknown"
