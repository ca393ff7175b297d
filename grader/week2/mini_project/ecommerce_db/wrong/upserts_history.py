"""ON CONFLICT DO UPDATE: the export of yesterday wins over today.

Caught by: test_history_is_not_rewritten
"""


def load(conn, table):
    others = [column for column in READERS[table] if column not in KEYS[table]]
    conn.execute(f"""
        INSERT INTO {table} ({columns_of(table)})
        SELECT {columns_of(table)} FROM staged_{table} AS s
        WHERE s.reason IS NULL AND ({" AND ".join(f"s.{c} IS NOT NULL" for c in others if c != "category")})
        ORDER BY record
        ON CONFLICT ({", ".join(KEYS[table])}) DO UPDATE SET {", ".join(f"{c} = excluded.{c}" for c in others)}""")
