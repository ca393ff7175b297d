"""Calls every known product updated, whether it changed or not.

Caught by: test_new_products_come_in_and_known_ones_take_the_new_values,
test_a_second_upload_of_the_same_catalogue_rewrites_no_row
"""


def upsert_products(db, rows):
    last = {row["sku"]: row for row in rows}
    columns = {name: [row[name] for row in last.values()] for name in COLUMNS}
    with psycopg.connect(db.url) as session:
        known = session.execute("select from products where sku = any(%(sku)s)", columns).rowcount
        try:
            session.execute(UPSERT, columns)
        except psycopg.errors.IntegrityError as error:
            raise ValueError(error.diag.message_detail) from error
    return {"inserted": len(last) - known, "updated": known, "unchanged": 0}
