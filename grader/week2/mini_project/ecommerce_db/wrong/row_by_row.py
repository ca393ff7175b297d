"""An INSERT for each record.

Caught by: test_fifty_thousand_records_come_in_sets
"""


def load(conn, table):
    rows = conn.execute(f"SELECT {columns_of(table)} FROM staged_{table} AS s WHERE {PENDING} ORDER BY record")
    conn.cursor().executemany(
        f"INSERT INTO {table} ({columns_of(table)}) VALUES ({', '.join(['%s'] * len(READERS[table]))})",
        [tuple(row.values()) for row in rows],
    )
