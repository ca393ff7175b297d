"""Comments the tables that were agreed, but not its own.

Caught by: test_every_table_and_every_column_has_a_comment
"""


def create_schema(db):
    comments = [line for line in COMMENTS.splitlines() if "order_requests" not in line]
    with connect(db) as conn:
        conn.execute(TABLES + TRIGGERS + "\n".join(comments))
