"""Stops at the first rule that a row breaks.

Caught by: test_a_row_that_breaks_three_rules_has_three_violations,
    test_every_reason_comes_back_at_once_and_is_counted
"""


def check_constraints(rows, rules):
    first = {}
    for rule in rules:
        refuse_unknown("rule", rule["rule"], RULES)
        column = columns_of(rule)[0]
        for number in breaking(rows, rule):
            cell = rows[number].get(column)
            first.setdefault(number, violation(number, column, rule["rule"], cell, f"breaks {rule}"))
    return list(first.values())
