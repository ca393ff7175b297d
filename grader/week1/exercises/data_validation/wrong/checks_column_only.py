"""Checks the argument column of the rules and forgets columns, left, right, total and when.

Caught by: test_a_column_that_types_does_not_know_is_an_error
"""


def check_rule(rule, types):
    check_arguments("a rule", rule, ("rule",), rule)
    refuse_unknown("rule", rule["rule"], RULES)
    needed, optional = RULES[rule["rule"]]
    check_arguments(rule["rule"], rule, ("rule", *needed), optional)
    if rule["rule"] == "range" and not {"min", "max"} & set(rule):
        raise ValueError(f"range needs min or max: {rule}")
    if "column" in rule:
        refuse_unknown("column", rule["column"], types)
    refuse_unknown("operator", rule.get("op", "=="), OPERATORS)
    check_pattern(rule.get("pattern", ""))
