"""Stores each payment once, but counts it each time that it is told.

Caught by: test_parts_add_up_and_a_repeated_delivery_counts_once
"""


def pay(db, order_id, provider_ref, amount, at):
    check_aware(at)
    if amount < 1:
        raise ValueError(f"the amount {amount} is less than 1")
    with connect(db) as conn:
        order = lock_order(conn, order_id)
        known = not note_payment(conn, order_id, provider_ref, amount, at)
        if order["status"] == "cancelled" and not known:
            raise ValueError(f"order {order_id} is cancelled")
        query = "SELECT sum(amount) AS paid FROM payments WHERE order_id = %s"
        paid = conn.execute(query, [order_id]).fetchone()["paid"] + (amount if known else 0)
        return (
            set_status(conn, order_id, "paid")
            if order["status"] == "placed" and paid >= order["total"]
            else order["status"]
        )
