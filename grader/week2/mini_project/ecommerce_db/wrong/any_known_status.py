"""Checks that a status is a known one, but not where it comes from.

Caught by: test_a_status_goes_its_way_and_never_back
"""


def create_schema(db):
    ledger = TRIGGERS[TRIGGERS.index("CREATE OR REPLACE FUNCTION refuse_change") :]
    with connect(db) as conn:
        conn.execute(TABLES + ledger + COMMENTS)
