"""Puts None where a cell cannot be converted, as to_numeric(errors="coerce") does: nobody sees what stood there.

Caught by: test_coerce_keeps_rows_wrong_cells_and_its_input
"""


def coerce(rows, types):
    refuse_unknown_types(types)
    result, violations = [dict(row) for row in rows], []
    for number, row in enumerate(result):
        for column, name in types.items():
            cell = row.get(column)
            try:
                row[column] = converted(cell, name)
            except (ValueError, OverflowError):
                row[column] = None
                violations.append(violation(number, column, "type", cell, f"is no {name}: {cell!r}"))
    return result, violations
