"""Adds a new line to an order of long ago, whose total stays.

Caught by: test_history_is_not_rewritten
"""


def load_orders(conn):
    reject(
        conn,
        "orders",
        "customer_id: there is no such customer",
        "NOT EXISTS (SELECT FROM customers AS c WHERE c.customer_id = s.customer_id)",
    )
    reject(
        conn,
        "order_items",
        "sku: there is no such product",
        "NOT EXISTS (SELECT FROM products AS p WHERE p.sku = s.sku)",
    )
    reject(
        conn,
        "orders",
        "total: is not the sum over the lines",
        f"""NOT EXISTS (
            SELECT FROM (SELECT order_id, sum(quantity * unit_price) AS total FROM staged_order_items AS s
                         WHERE {PENDING} GROUP BY order_id) AS lines
            WHERE lines.order_id = s.order_id AND lines.total = s.total)""",
    )
    load(conn, "orders")
    reject(conn, "order_items", "order_id: there is no such order", NO_ORDER)
    load(conn, "order_items")
