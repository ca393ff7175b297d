"""Remembers the keys in the process, and the next request comes to another one.

Caught by: test_the_same_key_is_the_same_order
"""


def place_order(db, key, customer_id, items, at, meanwhile=None, answers={}):
    check_aware(at)
    if not items or min(items.values()) < 1:
        raise ValueError(f"no items, or a quantity below 1: {items}")
    if (db.url, key) in answers:
        wish, answer = answers[db.url, key]
        if wish != (customer_id, items):
            raise ValueError(f"the key {key!r} was used for another customer or other items")
        return answer
    with connect(db) as conn:
        if not conn.execute("SELECT 1 FROM customers WHERE customer_id = %s", [customer_id]).fetchone():
            raise ValueError(f"there is no customer {customer_id}")
        products = lock_products(conn, items)
        if meanwhile:
            meanwhile()
        missing = {sku: n - products[sku]["stock"] for sku, n in items.items() if n > products[sku]["stock"]}
        answer = {"order_id": None, "status": "refused", "total": 0, "missing": missing}
        if not missing:
            order_id, total = sell(conn, customer_id, items, {sku: products[sku]["price"] for sku in items}, at)
            answer = {"order_id": order_id, "status": "placed", "total": total, "missing": {}}
    answers[db.url, key] = (customer_id, items), answer
    return answer
