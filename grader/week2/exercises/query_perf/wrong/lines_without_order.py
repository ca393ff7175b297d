"""Reads the lines only, so that lines of a deleted order come back as an order.

Caught by: test_each_known_order_has_its_lines
"""


def orders_with_lines(db, order_ids):
    found = {}
    with psycopg.connect(db.url) as connection:
        rows = connection.execute(
            """
            SELECT order_id, line, sku, quantity
            FROM order_items
            WHERE order_id = ANY(%s) ORDER BY order_id, line
            """,
            [order_ids],
        )
        for order_id, line, sku, quantity in rows:
            lines = found.setdefault(order_id, [])
            if line is not None:
                lines.append({"line": line, "sku": sku, "quantity": quantity})
    return found
