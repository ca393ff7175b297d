"""Leaves out rows that cannot be converted.

Caught by: test_coerce_keeps_rows_wrong_cells_and_its_input, test_coerce_of_coerced_rows_changes_nothing
"""


def coerce(rows, types):
    refuse_unknown_types(types)
    result, violations = [], []
    for number, row in enumerate(rows):
        try:
            result.append(row | {column: converted(row.get(column), name) for column, name in types.items()})
        except (ValueError, OverflowError):
            violations += check_types([row], types)
    return result, violations
