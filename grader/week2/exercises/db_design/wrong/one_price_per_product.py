"""Replaces the price and forgets what it was before.

Caught by: test_every_day_has_the_price_that_was_set_for_it
"""


def set_price(db, sku, price, since):
    if price < 0:
        raise ValueError(f"the price of {sku} cannot be {price}")
    with psycopg.connect(db.url) as connection:
        _lock_product(connection, sku)
        connection.execute("delete from prices where sku = %s", [sku])
        connection.execute("insert into prices values (%s, %s, daterange(%s, null))", [sku, price, since])
