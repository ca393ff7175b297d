"""Changes the stock, and forgets the ledger.

Caught by: test_an_order_its_lines_its_moves_and_the_stock_agree, test_the_last_item_is_sold_once
"""


def move_stock(conn, moves, reason, order_id, at):
    for sku, quantity in moves.items():
        conn.execute("UPDATE products SET stock = stock + %s WHERE sku = %s", [quantity, sku])
