"""Drops the tables before it makes them.

Caught by: test_a_second_call_leaves_all_as_it_is
"""


def create_schema(db):
    tables = "cities, customers, products, orders, order_items, order_coupons, prices"
    with psycopg.connect(db.url) as connection:
        connection.execute(f"drop table if exists {tables} cascade")
        for sql in (CITIES, CUSTOMERS, PRODUCTS, ORDERS, ORDER_ITEMS, ORDER_COUPONS, PRICES, SALES_FLAT):
            connection.execute(sql)
