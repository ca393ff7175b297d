"""Makes a relation of each dependency as it is listed, needless attributes on the left included.

Caught by: test_every_relation_is_in_third_normal_form
"""


def _minimal_cover(fds):
    return [(set(left), {name}) for left, right in fds for name in sorted(right - left)]
