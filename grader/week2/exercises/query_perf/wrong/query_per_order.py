"""Asks once for each order.

Caught by: test_500_orders_take_three_statements_at_most
"""


def orders_with_lines(db, order_ids):
    found = {}
    with psycopg.connect(db.url, row_factory=psycopg.rows.dict_row) as connection:
        for order_id in order_ids:
            if connection.execute("SELECT FROM orders WHERE order_id = %s", [order_id]).rowcount:
                lines = "SELECT line, sku, quantity FROM order_items WHERE order_id = %s ORDER BY line"
                found[order_id] = connection.execute(lines, [order_id]).fetchall()
    return found
