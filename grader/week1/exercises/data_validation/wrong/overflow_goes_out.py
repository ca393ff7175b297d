"""Catches ValueError only: a time that has none in UTC ends the run.

Caught by: test_a_time_needs_its_zone_and_comes_out_in_utc
"""


def coerce(rows, types):
    refuse_unknown_types(types)
    result, violations = [dict(row) for row in rows], []
    for number, row in enumerate(result):
        for column, name in types.items():
            cell = row.get(column)
            try:
                row[column] = converted(cell, name)
            except ValueError:
                violations.append(violation(number, column, "type", cell, f"is no {name}: {cell!r}"))
    return result, violations
