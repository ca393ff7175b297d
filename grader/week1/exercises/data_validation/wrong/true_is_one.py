"""Adds True as 1: a tick in the form is one more child.

Caught by: test_cells_that_cannot_be_compared_violate
"""


def sums_to(row, columns, total):
    return sum(row[column] for column in columns) == row[total]
