"""Raises psycopg's errors instead of ValueError.

Caught by: test_a_row_that_breaks_a_constraint_leaves_nothing_of_the_call
"""


def load_flat(db, rows):
    clean = [_clean(row) for row in rows]
    with psycopg.connect(db.url) as connection:
        return _load(connection, clean)
