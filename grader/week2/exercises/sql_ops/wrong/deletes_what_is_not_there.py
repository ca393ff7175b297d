"""Takes the upload for the whole truth and deletes unsold products that are not in it.

Caught by: test_new_products_come_in_and_known_ones_take_the_new_values
"""


def upsert_products(db, rows):
    last = {row["sku"]: row for row in rows}
    columns = {name: [row[name] for row in last.values()] for name in COLUMNS}
    rest = """
        delete from products as p
        where sku <> all(%(sku)s) and not exists (select from order_items as i where i.sku = p.sku)"""
    with psycopg.connect(db.url, row_factory=dict_row) as session:
        try:
            counts = session.execute(UPSERT, columns).fetchone()
        except psycopg.errors.IntegrityError as error:
            raise ValueError(error.diag.message_detail) from error
        session.execute(rest, columns)
    return counts | {"unchanged": len(last) - sum(counts.values())}
