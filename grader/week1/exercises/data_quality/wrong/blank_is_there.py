"""Asks only whether a cell is null.

Caught by: test_completeness_counts_cells_that_are_missing_or_blank
"""


def _there(cells):
    return cells.notna()
