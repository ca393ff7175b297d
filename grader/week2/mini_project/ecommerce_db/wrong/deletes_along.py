"""ON DELETE CASCADE: deleting a product takes the lines of old orders along.

Caught by: test_the_database_refuses_second_keys_and_orphans
"""


def create_schema(db):
    line = "sku text NOT NULL REFERENCES products,\n    quantity integer"
    with connect(db) as conn:
        conn.execute(TABLES.replace(line, line.replace(",", " ON DELETE CASCADE,")) + TRIGGERS + COMMENTS)
