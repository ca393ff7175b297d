"""Tells the nodes level by level, so that nobody sees who feeds whom.

Caught by: test_a_plan_is_told_node_by_node_with_what_is_expected
"""


def _walk(node, depth=0):
    level = [node]
    while level:
        yield from ((node, depth) for node in level)
        level = [child for node in level for child in node.get("Plans", [])]
        depth += 1
