"""CREATE INDEX without a name: PostgreSQL finds a new name, and makes a twin with each start.

Caught by: test_a_second_create_schema_changes_nothing
"""


def create_schema(db):
    with connect(db) as conn:
        conn.execute(TABLES + TRIGGERS + COMMENTS)
        conn.execute("CREATE INDEX ON payments (paid_at)")
