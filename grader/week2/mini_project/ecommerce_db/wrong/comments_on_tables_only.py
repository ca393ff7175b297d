"""Comments the tables, and leaves the columns to guessing.

Caught by: test_every_table_and_every_column_has_a_comment
"""


def create_schema(db):
    comments = [line for line in COMMENTS.splitlines() if line.startswith("COMMENT ON TABLE")]
    with connect(db) as conn:
        conn.execute(TABLES + TRIGGERS + "\n".join(comments))
