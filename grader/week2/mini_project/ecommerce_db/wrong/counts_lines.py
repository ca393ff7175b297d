"""Numbers the records by the lines of the file, and a name has three lines.

Caught by: test_every_record_is_accounted_for
"""


def stage(conn, table, folder):
    conn.execute(f"""
        CREATE TEMPORARY TABLE staged_{table} ON COMMIT DROP AS
        SELECT 0 AS record, '' AS reason, false AS known, NULL::jsonb AS raw, {columns_of(table)}
        FROM {table} WITH NO DATA""")
    number = 0
    with conn.cursor().copy(
        f"COPY staged_{table} (record, reason, known, raw, {columns_of(table)}) FROM STDIN"
    ) as copy:
        for raw in records(folder / file_of(table), list(READERS[table])):
            number += 1 + sum(cell.count("\n") for cell in raw.values())
            values, reason = read_cells(table, raw)
            copy.write_row([number, reason, False, Jsonb(raw), *values])
