"""Cascades: the orders go with their customer.

Caught by: test_a_customer_with_orders_is_closed_and_the_orders_stay
"""


def remove_customer(db, customer_id, at):
    need_aware(at=at)
    orders = "(select order_id from orders where customer_id = %s)"
    with psycopg.connect(db.url) as session:
        session.execute(f"delete from payments where order_id in {orders}", [customer_id])
        session.execute(f"delete from order_items where order_id in {orders}", [customer_id])
        session.execute("delete from orders where customer_id = %s", [customer_id])
        gone = session.execute("delete from customers where customer_id = %s", [customer_id]).rowcount
    return "deleted" if gone else "unknown"
