"""Takes the alias for the table: the second order_items is order_items_1.

Caught by: test_a_plan_is_told_node_by_node_with_what_is_expected
"""


def _described(node, depth):
    return {
        "depth": depth,
        "node": node["Node Type"],
        "relation": node.get("Alias"),
        "index": node.get("Index Name"),
        "rows": node["Plan Rows"],
    }
