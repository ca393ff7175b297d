"""Compares what cannot be compared as text: "9" is above 10.

Caught by: test_cells_that_cannot_be_compared_violate
"""


def compare(row, left, op, right):
    a, b = row[left], row[right]
    return COMPARE[op](a, b) if type(a) is type(b) else COMPARE[op](str(a), str(b))
