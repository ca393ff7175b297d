"""Says that a row was refused, but not which.

Caught by: test_a_row_that_breaks_a_constraint_leaves_the_database_as_it_was
"""


def _merge(connection, clean):
    before = _count(connection)
    try:
        written = connection.executemany(MERGE, _rows(clean)).rowcount
    except sqlite3.IntegrityError as error:
        raise ValueError(str(error)) from error
    inserted = _count(connection) - before
    return {"inserted": inserted, "updated": written - inserted, "unchanged": len(clean) - written}
