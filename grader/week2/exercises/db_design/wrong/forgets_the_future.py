"""Throws away the periods that start later.

Caught by: test_every_day_has_the_price_that_was_set_for_it, test_a_price_ends_where_the_next_one_starts
"""


def set_price(db: PostgresHandle, sku: str, price: int, since: date) -> None:
    if price < 0:
        raise ValueError(f"the price of {sku} cannot be {price}")
    with psycopg.connect(db.url) as connection:
        _lock_product(connection, sku)
        values = {"sku": sku, "price": price, "since": since}
        connection.execute("delete from prices where sku = %(sku)s and lower(valid) >= %(since)s", values)
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
