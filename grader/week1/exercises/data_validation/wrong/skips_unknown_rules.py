"""Skips a rule that it does not know.

Caught by: test_a_rule_that_does_not_exist_is_an_error
"""


def check_constraints(rows, rules):
    return [
        violation(number, column, rule["rule"], rows[number].get(column), f"breaks {rule}")
        for rule in rules
        if rule["rule"] in RULES
        for column in columns_of(rule)[:1]
        for number in breaking(rows, rule)
    ]
