"""Indexes the status of all orders for the one per cent that is asked for.

Caught by: test_the_unpaid_are_found_by_a_small_index
"""


def tune(db):
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute("CREATE INDEX IF NOT EXISTS orders_spent ON orders (customer_id) INCLUDE (amount)")
        connection.execute("CREATE INDEX IF NOT EXISTS orders_unpaid ON orders (status, ordered_at)")
        connection.execute(
            "CREATE STATISTICS IF NOT EXISTS customers_place (dependencies) ON province, district FROM customers"
        )
        connection.execute("VACUUM (ANALYZE) customers, orders")
