"""Books a move for each imported line, though the stock was counted after it.

Caught by: test_new_stock_enters_the_ledger_once
"""


def load_payments(conn):
    conn.execute(f"""
        INSERT INTO stock_moves (sku, quantity, reason, order_id, at)
        SELECT sku, -quantity, 'order', order_id, now() FROM staged_order_items AS s WHERE {PENDING}""")
    reject(conn, "payments", "order_id: there is no such order", NO_ORDER)
    load(conn, "payments")
