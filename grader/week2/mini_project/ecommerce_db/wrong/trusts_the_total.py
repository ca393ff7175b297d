"""Loads an order with the lines that are left of it.

Caught by: test_an_order_is_what_its_lines_add_up_to
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
        "line: this order was there before",
        "EXISTS (SELECT FROM orders AS o WHERE o.order_id = s.order_id)",
    )
    reject(
        conn,
        "order_items",
        "sku: there is no such product",
        "NOT EXISTS (SELECT FROM products AS p WHERE p.sku = s.sku)",
    )
    load(conn, "orders")
    reject(conn, "order_items", "order_id: there is no such order", NO_ORDER)
    load(conn, "order_items")
