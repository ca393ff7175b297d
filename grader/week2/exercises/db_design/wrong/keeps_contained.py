"""Leaves relations that lie within another.

Caught by: test_no_relation_lies_within_another
"""


def _without_contained(relations):
    return relations
