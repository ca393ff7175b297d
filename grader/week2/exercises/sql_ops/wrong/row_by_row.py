"""Asks and answers for each row: up to 10 000 statements for 5 000 products.

Caught by: test_five_thousand_products_go_in_sets
"""


def upsert_products(db, rows):
    last = {row["sku"]: row for row in rows}
    counts = {"inserted": 0, "updated": 0, "unchanged": 0}
    with psycopg.connect(db.url) as session:
        for row in last.values():
            before = session.execute(
                "select name, category, price, active from products where sku = %(sku)s", row
            ).fetchone()
            values = (row["name"], row["category"], row["price"], row["active"])
            try:
                if before is None:
                    session.execute(
                        "insert into products values (%(sku)s, %(name)s, %(category)s, %(price)s, %(active)s)", row
                    )
                elif before != values:
                    session.execute(
                        "update products set name = %(name)s, category = %(category)s, price = %(price)s,"
                        " active = %(active)s where sku = %(sku)s",
                        row,
                    )
            except psycopg.errors.IntegrityError as error:
                raise ValueError(f"{row['sku']}: {error}") from error
            counts["inserted" if before is None else "unchanged" if before == values else "updated"] += 1
    return counts
