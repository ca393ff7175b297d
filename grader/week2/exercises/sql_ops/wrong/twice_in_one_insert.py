"""Sends a sku twice in one INSERT, which ON CONFLICT DO UPDATE refuses.

Caught by: test_the_last_of_several_rows_of_a_sku_counts
"""


def upsert_products(db, rows):
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    with psycopg.connect(db.url, row_factory=dict_row) as session:
        try:
            counts = session.execute(UPSERT, columns).fetchone()
        except psycopg.errors.IntegrityError as error:
            raise ValueError(error.diag.message_detail) from error
    return counts | {"unchanged": len(rows) - sum(counts.values())}
