"""ON DELETE CASCADE: deleting a product takes the lines of old orders along.

Caught by: test_the_database_refuses_second_keys_and_orphans
"""

import re


def create_schema(db):
    with connect(db) as conn:
        conn.execute(re.sub(r"( REFERENCES \w+)", r"\1 ON DELETE CASCADE", TABLES) + TRIGGERS + COMMENTS)
