"""Does not lock: of two orders the CHECK on stock stops one, with an error for the customer.

Caught by: test_the_last_item_is_sold_once
"""


def lock_products(conn, skus):
    query = "SELECT sku, price, stock FROM products WHERE sku = ANY(%s) ORDER BY sku"
    found = {row["sku"]: row for row in conn.execute(query, [list(skus)])}
    if unknown := skus.keys() - found.keys():
        raise ValueError(f"there is no product {', '.join(sorted(unknown))}")
    return found
