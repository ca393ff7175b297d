"""Cuts the orders from the customer, so that the row can go.

Caught by: test_a_customer_with_orders_is_closed_and_the_orders_stay
"""


def remove_customer(db, customer_id, at):
    need_aware(at=at)
    with psycopg.connect(db.url) as session:
        session.execute("update orders set customer_id = null where customer_id = %s", [customer_id])
        gone = session.execute("delete from customers where customer_id = %s", [customer_id]).rowcount
    return "deleted" if gone else "unknown"
