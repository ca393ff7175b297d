"""Believes that a foreign key brings an index along; it needs one on the other side.

Caught by: test_every_foreign_key_has_an_index
"""


def create_schema(db):
    tables = [line for line in TABLES.splitlines() if not line.startswith("CREATE INDEX")]
    with connect(db) as conn:
        conn.execute("\n".join(tables) + TRIGGERS + COMMENTS)
