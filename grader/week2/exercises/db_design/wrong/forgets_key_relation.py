"""Synthesises without a relation that holds a key.

Caught by: test_joining_the_relations_makes_up_no_rows
"""


def decompose(relation, fds):
    relations = _one_for_each_left_side(_minimal_cover(fds))
    rest = relation - set().union(*relations)
    return _without_contained(relations + ([rest] if rest else []))
