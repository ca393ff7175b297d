"""Loads what has a parent, and says nothing of the rest.

Caught by: test_what_refers_to_a_rejected_row_is_rejected_with_it
"""


def load_payments(conn):
    conn.execute(f"DELETE FROM staged_payments AS s WHERE {PENDING} AND {NO_ORDER}")
    load(conn, "payments")
