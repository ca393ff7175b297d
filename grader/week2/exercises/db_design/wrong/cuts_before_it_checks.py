"""Shortens the old period, commits, and then looks at the price.

Caught by: test_an_unknown_sku_and_a_negative_price_change_nothing
"""


def set_price(db: PostgresHandle, sku: str, price: int, since: date) -> None:
    with psycopg.connect(db.url) as connection:
        _lock_product(connection, sku)
        values = {"sku": sku, "price": price, "since": since}
        connection.execute("delete from prices where sku = %(sku)s and lower(valid) = %(since)s", values)
        connection.execute(
            """update prices set valid = daterange(lower(valid), %(since)s)
               where sku = %(sku)s and valid @> %(since)s""",
            values,
        )
        connection.commit()
        if price < 0:
            raise ValueError(f"the price of {sku} cannot be {price}")
        connection.execute(
            """insert into prices (sku, price, valid)
               select %(sku)s, %(price)s, daterange(%(since)s, min(lower(valid)))
               from prices where sku = %(sku)s and lower(valid) > %(since)s""",
            values,
        )
