"""An order without lines and with the total 0 adds up, and is loaded.

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
    reject(
        conn,
        "orders",
        "total: is not the sum over the lines",
        f"""s.total <> coalesce((
            SELECT sum(l.quantity * l.unit_price) FROM staged_order_items AS l
            WHERE l.order_id = s.order_id AND NOT l.known AND l.reason IS NULL), 0)""",
    )
    load(conn, "orders")
    reject(conn, "order_items", "order_id: there is no such order", NO_ORDER)
    load(conn, "order_items")
