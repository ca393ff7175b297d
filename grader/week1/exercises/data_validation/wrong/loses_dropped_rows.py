"""Drops rows and tells nobody.

Caught by: test_every_row_is_valid_or_invalid_and_comes_back_as_it_came,
    test_dropped_rows_are_invalid_and_rows_keep_their_numbers
"""


def cleaned(rows, contract):
    types, policies = contract.get("types", {}), contract.get("missing", {})
    markers = contract.get("markers", ())
    unmarked = blanked(rows, lambda number, column, cell: column in types and is_marker(cell, markers))
    clean, violations = coerce(unmarked, types)
    kept, filled, _ = fill(clean, clean, policies, {(found["row"], found["column"]) for found in violations})
    return kept, violations, filled
