"""Lets Python's TypeError out: one text among the numbers ends the run.

Caught by: test_cells_that_cannot_be_compared_violate
"""


def keeps(row, rule):
    if rule["rule"] not in ASK_THE_MISSING and any(is_missing(row.get(c)) for c in columns_of(rule)):
        return True
    arguments = {argument: value for argument, value in rule.items() if argument != "rule"}
    return KEEPS[rule["rule"]](row, **arguments)
