"""An unknown sku is one of which there are none.

Caught by: test_a_wrong_wish_changes_nothing_and_uses_up_no_key
"""


def lock_products(conn, skus):
    query = "SELECT sku, price, stock FROM products WHERE sku = ANY(%s) ORDER BY sku FOR NO KEY UPDATE"
    found = {row["sku"]: row for row in conn.execute(query, [list(skus)])}
    return {sku: found.get(sku, {"price": 0, "stock": 0}) for sku in skus}
