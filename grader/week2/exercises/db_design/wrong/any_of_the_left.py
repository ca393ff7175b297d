"""Applies a dependency as soon as one attribute of its left side is known.

Caught by: test_a_dependency_needs_its_whole_left_side
"""


def closure(attributes, fds):
    known = set(attributes)
    while new := [right for left, right in fds if left & known and not right <= known]:
        known.update(*new)
    return known
