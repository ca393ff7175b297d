"""Collects into the set that it was given.

Caught by: test_a_closure_follows_the_dependencies_to_the_end
"""


def closure(attributes, fds):
    while new := [right for left, right in fds if left <= attributes and not right <= attributes]:
        attributes.update(*new)
    return attributes
