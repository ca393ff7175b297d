"""Refuses an UPDATE that leaves the status as it is.

Caught by: test_a_status_goes_its_way_and_never_back
"""


def create_schema(db):
    with connect(db) as conn:
        conn.execute(TABLES + TRIGGERS.replace("WHEN (OLD.status IS DISTINCT FROM NEW.status)", "") + COMMENTS)
