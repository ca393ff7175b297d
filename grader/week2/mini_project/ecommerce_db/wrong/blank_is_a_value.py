"""NOT NULL is enough, says the program; but the form sends blanks.

Caught by: test_the_database_refuses_values_that_break_a_rule
"""


def create_schema(db):
    with connect(db) as conn:
        conn.execute(TABLES.replace(r"~ '\S'", "<> ''") + TRIGGERS + COMMENTS)
