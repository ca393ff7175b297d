"""Rejects a known record because of a cell that nobody needs any more.

Caught by: test_history_is_not_rewritten
"""


def judge_keys(conn, table):
    same_key = " AND ".join(f"old.{column} = s.{column}" for column in KEYS[table])
    conn.execute(
        f"UPDATE staged_{table} AS s SET known = true FROM {table} AS old WHERE s.reason IS NULL AND {same_key}"
    )
    reject_repeats(conn, table, KEYS[table], f"{KEYS[table][-1]}: an earlier record has this key")
