"""Ends where the period that it cuts would have ended.

Caught by: test_a_price_ends_where_the_next_one_starts
"""


def set_price(db, sku, price, since):
    if price < 0:
        raise ValueError(f"the price of {sku} cannot be {price}")
    with psycopg.connect(db.url) as connection:
        _lock_product(connection, sku)
        values = {"sku": sku, "price": price, "since": since}
        held = connection.execute(
            "delete from prices where sku = %(sku)s and valid @> %(since)s returning price, lower(valid), upper(valid)",
            values,
        ).fetchone()
        values["until"] = held[2] if held else None
        if held and held[1] < since:
            values |= {"old": held[0], "start": held[1]}
            connection.execute("insert into prices values (%(sku)s, %(old)s, daterange(%(start)s, %(since)s))", values)
        if not held:
            values["until"] = connection.execute(
                "select min(lower(valid)) from prices where sku = %(sku)s and lower(valid) > %(since)s", values
            ).fetchone()[0]
        connection.execute("insert into prices values (%(sku)s, %(price)s, daterange(%(since)s, %(until)s))", values)
