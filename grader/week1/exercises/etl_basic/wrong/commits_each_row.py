"""Commits after every row: half a batch stays after an error.

Caught by: test_a_row_that_breaks_a_constraint_leaves_the_database_as_it_was
"""


@contextmanager
def _transaction(db):
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        for table in TABLES:
            connection.execute(table)
        yield connection
