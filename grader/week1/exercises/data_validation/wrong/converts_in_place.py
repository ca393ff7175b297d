"""Converts the rows of the caller.

Caught by: test_coerce_keeps_rows_wrong_cells_and_its_input,
    test_every_row_is_valid_or_invalid_and_comes_back_as_it_came
"""


def coerce(rows, types):
    refuse_unknown_types(types)
    violations = []
    for number, row in enumerate(rows):
        for column, name in types.items():
            cell = row.get(column)
            try:
                row[column] = converted(cell, name)
            except (ValueError, OverflowError):
                violations.append(violation(number, column, "type", cell, f"is no {name}: {cell!r}"))
    return rows, violations


def blanked(rows, is_gone):
    for number, row in enumerate(rows):
        row |= {column: None for column, cell in row.items() if is_gone(number, column, cell)}
    return rows
