"""Looks only at the rules that it knows, so that a misspelt one is sound.

Caught by: test_a_misspelt_rule_is_named_with_its_nearest_neighbour
"""


def check_rule(rule, types):
    if rule.get("rule") not in RULES:
        return
    needed, optional = RULES[rule["rule"]]
    check_arguments(rule["rule"], rule, ("rule", *needed), optional)
    for column in columns_of(rule):
        refuse_unknown("column", column, types)
    refuse_unknown("operator", rule.get("op", "=="), OPERATORS)
    check_pattern(rule.get("pattern", ""))
