"""Reads the stock, thinks, and writes what it computed.

Caught by: test_the_last_item_is_sold_once
"""


def place_order(db, key, customer_id, items, at, meanwhile=None):
    check_aware(at)
    if not items or min(items.values()) < 1:
        raise ValueError(f"no items, or a quantity below 1: {items}")
    with connect(db) as conn:
        if not conn.execute("SELECT 1 FROM customers WHERE customer_id = %s", [customer_id]).fetchone():
            raise ValueError(f"there is no customer {customer_id}")
        if not claim(conn, key, customer_id, items):
            return answer_again(conn, key, customer_id, items)
        query = "SELECT sku, price, stock FROM products WHERE sku = ANY(%s)"
        products = {row["sku"]: row for row in conn.execute(query, [list(items)])}
        if unknown := items.keys() - products.keys():
            raise ValueError(f"there is no product {unknown}")
        if meanwhile:
            meanwhile()
        missing = {sku: n - products[sku]["stock"] for sku, n in items.items() if n > products[sku]["stock"]}
        if missing:
            conn.execute("UPDATE order_requests SET missing = %s WHERE key = %s", [Jsonb(missing), key])
            return {"order_id": None, "status": "refused", "total": 0, "missing": missing}
        prices = {sku: products[sku]["price"] for sku in items}
        order_id, total = sell(conn, customer_id, items, prices, at)
        for sku, quantity in items.items():
            left = products[sku]["stock"] - quantity
            conn.execute("UPDATE products SET stock = %s WHERE sku = %s", [left, sku])
        conn.execute("UPDATE order_requests SET order_id = %s WHERE key = %s", [order_id, key])
        return {"order_id": order_id, "status": "placed", "total": total, "missing": {}}


def move_stock(conn, moves, reason, order_id, at):
    """Only the ledger; the stock is written by place_order."""
    conn.cursor().executemany(
        "INSERT INTO stock_moves (sku, quantity, reason, order_id, at) VALUES (%s, %s, %s, %s, %s)",
        [(sku, quantity, reason, order_id, at) for sku, quantity in moves.items()],
    )
