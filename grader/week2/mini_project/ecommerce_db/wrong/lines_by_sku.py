"""Numbers the lines in the order of the locks, not of the basket.

Caught by: test_an_order_its_lines_its_moves_and_the_stock_agree
"""


def place_order(db, key, customer_id, items, at, meanwhile=None):
    check_aware(at)
    if not items or min(items.values()) < 1:
        raise ValueError(f"no items, or a quantity below 1: {items}")
    items = dict(sorted(items.items()))
    with connect(db) as conn:
        if not conn.execute("SELECT 1 FROM customers WHERE customer_id = %s", [customer_id]).fetchone():
            raise ValueError(f"there is no customer {customer_id}")
        if not claim(conn, key, customer_id, items):
            return answer_again(conn, key, customer_id, items)
        products = lock_products(conn, items)
        if meanwhile:
            meanwhile()
        missing = {sku: n - products[sku]["stock"] for sku, n in items.items() if n > products[sku]["stock"]}
        if missing:
            conn.execute("UPDATE order_requests SET missing = %s WHERE key = %s", [Jsonb(missing), key])
            return {"order_id": None, "status": "refused", "total": 0, "missing": missing}
        prices = {sku: products[sku]["price"] for sku in items}
        order_id, total = sell(conn, customer_id, items, prices, at)
        conn.execute("UPDATE order_requests SET order_id = %s WHERE key = %s", [order_id, key])
        return {"order_id": order_id, "status": "placed", "total": total, "missing": {}}
