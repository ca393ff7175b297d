"""Uses executemany, which sends the statement once for each row.

Caught by: test_five_thousand_products_go_in_sets
"""


def upsert_products(db, rows):
    last = {row["sku"]: row for row in rows}
    upsert = """
        insert into products as p values (%(sku)s, %(name)s, %(category)s, %(price)s, %(active)s)
        on conflict (sku) do update
        set (name, category, price, active) = (excluded.name, excluded.category, excluded.price, excluded.active)
        where (p.*) is distinct from (excluded.*)"""
    with psycopg.connect(db.url) as session:
        known = session.execute("select from products where sku = any(%s)", [list(last)]).rowcount
        cursor = session.cursor()
        try:
            cursor.executemany(upsert, list(last.values()))
        except psycopg.errors.IntegrityError as error:
            raise ValueError(error.diag.message_detail) from error
        inserted, written = len(last) - known, max(cursor.rowcount, 0)
    return {"inserted": inserted, "updated": written - inserted, "unchanged": len(last) - written}
