"""Below a Limit excuses also what gave more rows than planned.

Caught by: test_who_was_stopped_or_never_counts_is_no_misestimate
"""


def _misestimated(node, limited):
    if node["Node Type"] in ("BitmapAnd", "BitmapOr"):
        return False
    planned, actual = max(node["Plan Rows"], 1), max(node["Actual Rows"], 1)
    if limited:
        return False
    few, many = sorted((planned, actual))
    return many >= 100 and many >= 10 * few
