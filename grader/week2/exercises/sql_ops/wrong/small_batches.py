"""Sends 100 rows at a time: 50 statements for 5 000 products.

Caught by: test_five_thousand_products_go_in_sets
"""


def upsert_products(db, rows):
    last = list({row["sku"]: row for row in rows}.values())
    counts = {"inserted": 0, "updated": 0, "unchanged": len(last)}
    with psycopg.connect(db.url, row_factory=dict_row) as session:
        for first in range(0, len(last), 100):
            columns = {name: [row[name] for row in last[first : first + 100]] for name in COLUMNS}
            try:
                part = session.execute(UPSERT, columns).fetchone()
            except psycopg.errors.IntegrityError as error:
                raise ValueError(error.diag.message_detail) from error
            for key, many in part.items():
                counts[key] += many
                counts["unchanged"] -= many
    return counts
