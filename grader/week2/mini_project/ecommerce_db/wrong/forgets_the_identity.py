"""Ids of the file are in, and the counter still stands at 1.

Caught by: test_ids_after_an_import_are_new_ones
"""


def move_identities(conn):
    pass
