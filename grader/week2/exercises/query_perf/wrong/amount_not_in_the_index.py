"""Indexes the customer only, so the amounts are read from the table.

Caught by: test_what_customers_spent_comes_from_an_index_alone
"""


def tune(db):
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute("CREATE INDEX IF NOT EXISTS orders_spent ON orders (customer_id)")
        connection.execute("CREATE INDEX IF NOT EXISTS orders_unpaid ON orders (ordered_at) WHERE status = 'placed'")
        connection.execute(
            "CREATE STATISTICS IF NOT EXISTS customers_place (dependencies) ON province, district FROM customers"
        )
        connection.execute("VACUUM (ANALYZE) customers, orders")
