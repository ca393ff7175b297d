"""Stops at the size of the first key.

Caught by: test_every_key_is_found_also_those_of_other_sizes
"""


def candidate_keys(relation, fds):
    keys = []
    for names in _subsets(relation):
        if keys and len(names) > len(keys[0]):
            break
        if closure(names, fds) >= relation:
            keys.append(names)
    return keys
