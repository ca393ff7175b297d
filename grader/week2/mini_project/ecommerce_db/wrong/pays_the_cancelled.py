"""Takes money for an order that is cancelled.

Caught by: test_a_wrong_payment_changes_nothing
"""


def pay(db, order_id, provider_ref, amount, at):
    check_aware(at)
    if amount < 1:
        raise ValueError(f"the amount {amount} is less than 1")
    with connect(db) as conn:
        order = lock_order(conn, order_id)
        if not note_payment(conn, order_id, provider_ref, amount, at):
            return order["status"]
        query = "SELECT sum(amount) >= %s AS enough FROM payments WHERE order_id = %s"
        enough = conn.execute(query, [order["total"], order_id]).fetchone()["enough"]
        return set_status(conn, order_id, "paid") if order["status"] == "placed" and enough else order["status"]
