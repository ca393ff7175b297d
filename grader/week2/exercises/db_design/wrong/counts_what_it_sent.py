"""Counts all rows that were not refused as loaded.

Caught by: test_a_second_load_changes_nothing_and_counts_duplicates
"""


def _load(connection: psycopg.Connection, rows: list[dict]) -> dict:
    connection.execute(LOCK)
    _stage(connection, rows)
    refused_orders = _contradicted_orders(connection, rows)
    connection.execute("delete from arriving where order_id = any(%s)", [list(refused_orders)])
    connection.execute(INSERTS)
    connection.execute(INSERT_LINES)
    refused = [index for index, row in enumerate(rows) if row["order_id"] in refused_orders]
    return {"lines": len(rows) - len(refused), "duplicates": 0, "refused": refused}
