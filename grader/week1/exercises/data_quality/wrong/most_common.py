"""Leaves values of equal count in the order in which they came.

Caught by: test_ties_in_top_are_ordered_by_value
"""


def _top(counts):
    return [[value, count] for value, count in counts.most_common(5)]
