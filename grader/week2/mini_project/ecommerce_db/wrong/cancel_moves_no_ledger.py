"""Puts the goods back on the shelf, and not into the books.

Caught by: test_whatever_happens_stock_is_the_sum_of_its_moves, test_a_cancelled_order_gives_its_goods_back_once
"""


def cancel_order(db, order_id, at):
    check_aware(at)
    with connect(db) as conn:
        status = lock_order(conn, order_id)["status"]
        if status == "cancelled":
            return False
        if status == "shipped":
            raise ValueError(f"order {order_id} is shipped")
        conn.execute(
            """UPDATE products AS p SET stock = stock - m.quantity
               FROM stock_moves AS m WHERE m.order_id = %s AND m.sku = p.sku""",
            [order_id],
        )
        set_status(conn, order_id, "cancelled")
        return True
