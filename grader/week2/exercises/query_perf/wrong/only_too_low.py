"""Finds estimates that are too low, not those that are too high.

Caught by: test_an_estimate_that_is_off_by_ten_is_found
"""


def _misestimated(node, limited):
    if node["Node Type"] in ("BitmapAnd", "BitmapOr"):
        return False
    planned, actual = max(node["Plan Rows"], 1), max(node["Actual Rows"], 1)
    if limited and actual < planned:
        return False
    return actual >= 100 and actual >= 10 * planned
