"""Lets missing cells through as they are: None, NaN and "" stay three kinds of nothing.

Caught by: test_missing_cells_become_none_and_zero_stays
"""


def converted(cell, name):
    if is_missing(cell):
        return cell
    if is_of_type(cell, name) and name not in ("str", "datetime"):
        return cell
    return CONVERT[name](cell)
