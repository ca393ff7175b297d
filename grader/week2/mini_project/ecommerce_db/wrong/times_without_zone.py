"""timestamp instead of timestamptz: which noon was it?

Caught by: test_the_tables_are_those_that_were_agreed
"""


def create_schema(db):
    with connect(db) as conn:
        conn.execute(TABLES.replace("timestamptz", "timestamp") + TRIGGERS + COMMENTS)
