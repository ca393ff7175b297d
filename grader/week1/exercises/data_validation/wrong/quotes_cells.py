"""Puts the cell into the violation as text, so that 7 and "7" look the same.

Caught by: test_a_violation_says_where_and_what, test_a_row_that_breaks_three_rules_has_three_violations
"""


def violation(row, column, rule, cell, why):
    return {"row": row, "column": column, "rule": rule, "value": str(cell), "message": f"{column} {why}"}
