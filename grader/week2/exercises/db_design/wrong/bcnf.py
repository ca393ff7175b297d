"""Takes apart what is not in Boyce-Codd normal form, and loses a dependency over two tables.

Caught by: test_every_dependency_is_kept_inside_the_relations
"""


def decompose(relation, fds):
    for left in _subsets(relation):
        known = closure(left, fds) & relation
        if left < known < relation:
            rest = (relation - known) | left
            return _without_contained(decompose(known, fds) + decompose(rest, fds))
    return [relation]
