"""Takes every set that determines all for a key.

Caught by: test_every_key_determines_all_and_is_minimal
"""


def candidate_keys(relation, fds):
    return [names for names in _subsets(relation) if closure(names, fds) >= relation]
