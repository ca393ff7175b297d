"""Leaves the limits of a range out of it.

Caught by: test_a_value_on_the_limit_is_inside
"""


def in_range(row, column, **limits):
    above = "min" not in limits or limits["min"] < row[column]
    return above and ("max" not in limits or row[column] < limits["max"])
