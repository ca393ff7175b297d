"""Adds the rejects of each import to those of the last.

Caught by: test_the_same_folder_again_changes_nothing
"""


def keep_rejects(conn):
    for table in KEYS:
        conn.execute(
            f"""
            INSERT INTO import_rejects (file, record, reason, raw)
            SELECT %s, record + (SELECT coalesce(max(record), 0) FROM import_rejects WHERE file = %s), reason, raw
            FROM staged_{table} WHERE reason IS NOT NULL""",
            [file_of(table), file_of(table)],
        )
