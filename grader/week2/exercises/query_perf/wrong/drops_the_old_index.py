"""Makes room for its own indexes by dropping one that others use.

Caught by: test_two_indexes_are_enough_and_a_second_call_adds_none
"""


def tune(db):
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute("CREATE INDEX IF NOT EXISTS orders_spent ON orders (customer_id) INCLUDE (amount)")
        connection.execute("DROP INDEX IF EXISTS orders_ordered_at")
        connection.execute(
            "CREATE STATISTICS IF NOT EXISTS customers_place (dependencies) ON province, district FROM customers"
        )
        connection.execute("VACUUM (ANALYZE) customers, orders")
