"""Sorts the keys by their names without regard to size.

Caught by: test_keys_come_once_by_size_and_names
"""


def candidate_keys(relation: set[str], fds: list[FD]) -> list[set[str]]:
    keys: list[set[str]] = []
    for names in _subsets(relation):
        holds_a_key = any(key <= names for key in keys)  # smaller sets came first
        if not holds_a_key and closure(names, fds) >= relation:
            keys.append(names)
    return sorted(keys, key=sorted)
