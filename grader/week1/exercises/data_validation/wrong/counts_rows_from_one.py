"""Counts rows as people do, from 1 on.

Caught by: test_a_violation_says_where_and_what
"""


def violation(row, column, rule, cell, why):
    return {"row": row + 1, "column": column, "rule": rule, "value": cell, "message": f"{column} {why}"}
