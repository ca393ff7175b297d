"""VACUUM FULL rewrites the table and locks everybody out meanwhile.

Caught by: test_two_indexes_are_enough_and_a_second_call_adds_none
"""


def tune(db):
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute("CREATE INDEX IF NOT EXISTS orders_spent ON orders (customer_id) INCLUDE (amount)")
        connection.execute("CREATE INDEX IF NOT EXISTS orders_unpaid ON orders (ordered_at) WHERE status = 'placed'")
        connection.execute(
            "CREATE STATISTICS IF NOT EXISTS customers_place (dependencies) ON province, district FROM customers"
        )
        connection.execute("VACUUM (FULL, ANALYZE) customers, orders")
