"""Creates the statistics, but nobody fills them: VACUUM alone does not.

Caught by: test_the_planner_knows_which_districts_a_province_has
"""


def tune(db):
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute("CREATE INDEX IF NOT EXISTS orders_spent ON orders (customer_id) INCLUDE (amount)")
        connection.execute("CREATE INDEX IF NOT EXISTS orders_unpaid ON orders (ordered_at) WHERE status = 'placed'")
        connection.execute(
            "CREATE STATISTICS IF NOT EXISTS customers_place (dependencies) ON province, district FROM customers"
        )
        connection.execute("VACUUM customers, orders")
