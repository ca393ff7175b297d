"""Wants a better estimate from one more index.

Caught by: test_the_planner_knows_which_districts_a_province_has, test_two_indexes_are_enough_and_a_second_call_adds_none
"""


def tune(db):
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute("CREATE INDEX IF NOT EXISTS orders_spent ON orders (customer_id) INCLUDE (amount)")
        connection.execute("CREATE INDEX IF NOT EXISTS orders_unpaid ON orders (ordered_at) WHERE status = 'placed'")
        connection.execute("CREATE INDEX IF NOT EXISTS customers_place ON customers (province, district)")
        connection.execute("VACUUM (ANALYZE) customers, orders")
