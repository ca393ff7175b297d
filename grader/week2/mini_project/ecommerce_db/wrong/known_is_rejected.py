"""A record that was there before is a duplicate, and so a reject.

Caught by: test_the_same_folder_again_changes_nothing
"""


def judge_keys(conn, table):
    same_key = " AND ".join(f"old.{column} = s.{column}" for column in KEYS[table])
    conn.execute(
        f"UPDATE staged_{table} AS s SET reason = %s FROM {table} AS old WHERE {same_key}",
        [f"{KEYS[table][-1]}: is in the database"],
    )
    reject_repeats(conn, table, KEYS[table], f"{KEYS[table][-1]}: an earlier record has this key")
