"""Lists the problems kind by kind instead of node by node.

Caught by: test_problems_come_node_by_node_from_the_top
"""


def problems(explained):
    return [
        {"kind": kind, "node": node["Node Type"], "relation": node.get("Relation Name")}
        for kind in ("wasted_scan", "misestimate", "spill", "repeated_scan", "visits_heap")
        for node, limited in _below_limit(explained["Plan"])
        if node["Actual Loops"] > 0 and kind in _kinds(node, limited)
    ]
