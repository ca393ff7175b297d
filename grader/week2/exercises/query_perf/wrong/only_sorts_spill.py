"""Knows that a sort can go to disk, and forgets hash tables.

Caught by: test_what_does_not_fit_into_memory_is_found
"""


def _spilled(node):
    return node["Node Type"] == "Sort" and node.get("Sort Space Type") == "Disk"
