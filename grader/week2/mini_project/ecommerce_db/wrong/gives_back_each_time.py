"""Gives the goods back with each click.

Caught by: test_a_cancelled_order_gives_its_goods_back_once
"""


def cancel_order(db, order_id, at):
    check_aware(at)
    with connect(db) as conn:
        status = lock_order(conn, order_id)["status"]
        if status == "shipped":
            raise ValueError(f"order {order_id} is shipped")
        taken = conn.execute(
            "SELECT sku, -quantity AS quantity FROM stock_moves WHERE order_id = %s AND reason = 'order'", [order_id]
        )
        move_stock(conn, {row["sku"]: row["quantity"] for row in taken}, "cancel", order_id, at)
        set_status(conn, order_id, "cancelled")
        return status != "cancelled"
