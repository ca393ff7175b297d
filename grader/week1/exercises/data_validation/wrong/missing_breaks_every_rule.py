"""Counts a missing cell as a violation of every rule, so that an optional cell is optional no more.

Caught by: test_missing_cells_satisfy_the_other_rules
"""


def keeps(row, rule):
    arguments = {argument: value for argument, value in rule.items() if argument != "rule"}
    try:
        return KEEPS[rule["rule"]](row, **arguments)
    except (TypeError, KeyError):
        return False
