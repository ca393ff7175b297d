"""Sees a Limit only right above the node.

Caught by: test_who_was_stopped_or_never_counts_is_no_misestimate
"""


def _below_limit(node, limited=False):
    yield node, limited
    for child in node.get("Plans", []):
        yield from _below_limit(child, node["Node Type"] == "Limit")
