"""Commits after each table.

Caught by: test_a_row_that_breaks_a_constraint_leaves_nothing_of_the_call
"""


def load_flat(db, rows):
    clean = [_clean(row) for row in rows]
    with psycopg.connect(db.url) as connection:
        try:
            return _load(connection, clean)
        except psycopg.IntegrityError as error:
            connection.commit()
            raise ValueError("a row breaks a rule of the tables") from error


def _load(connection, rows):
    _stage(connection, rows)
    connection.execute("alter table arriving rename to passing")
    connection.execute("create temp table arriving as select * from passing")
    refused_orders = _contradicted_orders(connection, rows)
    connection.execute("delete from arriving where order_id = any(%s)", [list(refused_orders)])
    for insert in INSERTS.split(";")[:-1]:
        connection.execute(insert)
        connection.commit()
    lines = connection.execute(INSERT_LINES).rowcount
    refused = [index for index, row in enumerate(rows) if row["order_id"] in refused_orders]
    return {"lines": lines, "duplicates": len(rows) - len(refused) - lines, "refused": refused}
