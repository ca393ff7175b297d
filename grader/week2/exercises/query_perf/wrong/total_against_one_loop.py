"""Compares the rows of all loops with the estimate for one.

Caught by: test_an_estimate_that_is_off_by_ten_is_found
"""


def _misestimated(node, limited):
    if node["Node Type"] in ("BitmapAnd", "BitmapOr"):
        return False
    planned, actual = max(node["Plan Rows"], 1), max(node["Actual Rows"] * node["Actual Loops"], 1)
    if limited and actual < planned:
        return False
    few, many = sorted((planned, actual))
    return many >= 100 and many >= 10 * few
