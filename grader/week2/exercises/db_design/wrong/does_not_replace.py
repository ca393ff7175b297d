"""Knows nothing of a period that starts on the same day.

Caught by: test_every_day_has_the_price_that_was_set_for_it
"""


def set_price(db: PostgresHandle, sku: str, price: int, since: date) -> None:
    if price < 0:
        raise ValueError(f"the price of {sku} cannot be {price}")
    with psycopg.connect(db.url) as connection:
        _lock_product(connection, sku)
        values = {"sku": sku, "price": price, "since": since}
        connection.execute(
            """update prices set valid = daterange(lower(valid), %(since)s)
               where sku = %(sku)s and valid @> %(since)s""",
            values,
        )
        connection.execute(
            """insert into prices (sku, price, valid)
               select %(sku)s, %(price)s, daterange(%(since)s, min(lower(valid)))
               from prices where sku = %(sku)s and lower(valid) > %(since)s""",
            values,
        )
