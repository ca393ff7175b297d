"""Refuses an upload for a row that a later one replaces.

Caught by: test_the_last_of_several_rows_of_a_sku_counts
"""


def upsert_products(db, rows):
    for row in rows:
        if row["name"] is None or row["active"] is None or row["price"] <= 0:
            raise ValueError(f"{row['sku']} is not complete")
    last = {row["sku"]: row for row in rows}
    columns = {name: [row[name] for row in last.values()] for name in COLUMNS}
    with psycopg.connect(db.url, row_factory=dict_row) as session:
        counts = session.execute(UPSERT, columns).fetchone()
    return counts | {"unchanged": len(last) - sum(counts.values())}
