"""Triggers on UPDATE and DELETE; TRUNCATE fires neither.

Caught by: test_nobody_changes_the_ledger
"""


def create_schema(db):
    with connect(db) as conn:
        conn.execute(TABLES + TRIGGERS.replace("UPDATE OR DELETE OR TRUNCATE", "UPDATE OR DELETE") + COMMENTS)
