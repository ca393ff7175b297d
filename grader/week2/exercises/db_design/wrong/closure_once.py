"""Goes over the dependencies only once.

Caught by: test_a_closure_follows_the_dependencies_to_the_end
"""


def closure(attributes, fds):
    known = set(attributes)
    for left, right in fds:
        if left <= known:
            known |= right
    return known
