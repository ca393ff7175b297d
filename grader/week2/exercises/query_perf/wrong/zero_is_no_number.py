"""Leaves out nodes without a row: a division by zero was in the way.

Caught by: test_an_estimate_that_is_off_by_ten_is_found
"""


def _misestimated(node, limited):
    if node["Node Type"] in ("BitmapAnd", "BitmapOr"):
        return False
    if not node["Plan Rows"] or not node["Actual Rows"]:
        return False
    planned, actual = max(node["Plan Rows"], 1), max(node["Actual Rows"], 1)
    if limited and actual < planned:
        return False
    few, many = sorted((planned, actual))
    return many >= 100 and many >= 10 * few
