"""UNIQUE (email) takes Lan@mail.vn beside lan@mail.vn.

Caught by: test_the_database_refuses_second_keys_and_orphans
"""


def create_schema(db):
    with connect(db) as conn:
        conn.execute(TABLES.replace("(lower(email))", "(email)") + TRIGGERS + COMMENTS)
