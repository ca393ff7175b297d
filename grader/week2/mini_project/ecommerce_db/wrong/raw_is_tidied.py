"""Keeps what it made of the record, not what stood there.

Caught by: test_every_record_is_accounted_for
"""


def stage(conn, table, folder):
    conn.execute(f"""
        CREATE TEMPORARY TABLE staged_{table} ON COMMIT DROP AS
        SELECT 0 AS record, '' AS reason, false AS known, NULL::jsonb AS raw, {columns_of(table)}
        FROM {table} WITH NO DATA""")
    with conn.cursor().copy(
        f"COPY staged_{table} (record, reason, known, raw, {columns_of(table)}) FROM STDIN"
    ) as copy:
        for number, raw in enumerate(records(folder / file_of(table), list(READERS[table])), 1):
            values, reason = read_cells(table, raw)
            tidy = {column: str(value) for column, value in zip(READERS[table], values, strict=True)}
            copy.write_row([number, reason, False, Jsonb(tidy), *values])
