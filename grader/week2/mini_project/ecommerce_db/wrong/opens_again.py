"""Each import opens the stock of the products in its file.

Caught by: test_new_stock_enters_the_ledger_once
"""


def load_products(conn):
    load(conn, "products")
    conn.execute("""
        INSERT INTO stock_moves (sku, quantity, reason, at)
        SELECT sku, stock, 'opening', now() FROM staged_products WHERE reason IS NULL AND stock > 0""")
