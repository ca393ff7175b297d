"""Keeps the first of the rows of a sku.

Caught by: test_the_last_of_several_rows_of_a_sku_counts
"""


def upsert_products(db, rows):
    first = {row["sku"]: row for row in reversed(rows)}
    columns = {name: [row[name] for row in first.values()] for name in COLUMNS}
    with psycopg.connect(db.url, row_factory=dict_row) as session:
        try:
            counts = session.execute(UPSERT, columns).fetchone()
        except psycopg.errors.IntegrityError as error:
            raise ValueError(error.diag.message_detail) from error
    return counts | {"unchanged": len(first) - sum(counts.values())}
