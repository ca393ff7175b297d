"""Says False for a shipped order, as if it were cancelled.

Caught by: test_what_is_shipped_stays_shipped
"""


def cancel_order(db, order_id, at):
    check_aware(at)
    with connect(db) as conn:
        status = lock_order(conn, order_id)["status"]
        if status in ("cancelled", "shipped"):
            return False
        taken = conn.execute("SELECT sku, -quantity AS quantity FROM stock_moves WHERE order_id = %s", [order_id])
        back = {row["sku"]: row["quantity"] for row in taken}
        lock_products(conn, back)
        move_stock(conn, back, "cancel", order_id, at)
        set_status(conn, order_id, "cancelled")
        return True
