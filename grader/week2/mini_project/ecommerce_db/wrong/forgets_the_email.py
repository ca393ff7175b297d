"""Leaves the e-mails to the unique index, and one of them stops the import.

Caught by: test_what_refers_to_a_rejected_row_is_rejected_with_it
"""


def load_customers(conn):
    load(conn, "customers")
