"""Compares with rows that were dropped: the sound one of two equal rows is sent back.

Caught by: test_dropped_rows_are_invalid_and_rows_keep_their_numbers
"""


def broken_rules(rows, rules, violations, dropped):
    faulty = {(found["row"], found["column"]) for found in violations}
    judged = blanked(rows, lambda number, column, cell: (number, column) in faulty)
    return [one for one in check_constraints(judged, rules) if (one["row"], one["column"]) not in faulty]
