"""Lets the planner count the different pairs, which says nothing of a single one.

Caught by: test_the_planner_knows_which_districts_a_province_has
"""


def tune(db):
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute("CREATE INDEX IF NOT EXISTS orders_spent ON orders (customer_id) INCLUDE (amount)")
        connection.execute("CREATE INDEX IF NOT EXISTS orders_unpaid ON orders (ordered_at) WHERE status = 'placed'")
        connection.execute(
            "CREATE STATISTICS IF NOT EXISTS customers_place (ndistinct) ON province, district FROM customers"
        )
        connection.execute("VACUUM (ANALYZE) customers, orders")
