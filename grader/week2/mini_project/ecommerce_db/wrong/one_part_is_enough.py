"""Any payment makes the order paid.

Caught by: test_parts_add_up_and_a_repeated_delivery_counts_once
"""


def pay(db, order_id, provider_ref, amount, at):
    check_aware(at)
    if amount < 1:
        raise ValueError(f"the amount {amount} is less than 1")
    with connect(db) as conn:
        order = lock_order(conn, order_id)
        if not note_payment(conn, order_id, provider_ref, amount, at):
            return order["status"]
        if order["status"] == "cancelled":
            raise ValueError(f"order {order_id} is cancelled")
        return set_status(conn, order_id, "paid") if order["status"] == "placed" else order["status"]
