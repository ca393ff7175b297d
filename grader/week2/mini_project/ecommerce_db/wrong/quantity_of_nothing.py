"""Reads quantities and amounts as any whole number; the CHECK stops the whole import.

Caught by: test_every_record_is_accounted_for
"""


def positive(cell):
    return whole(cell)
