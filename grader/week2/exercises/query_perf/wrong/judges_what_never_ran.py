"""Judges nodes that were never executed by their 0 rows.

Caught by: test_what_was_never_executed_has_no_problem
"""


def problems(explained):
    return [
        {"kind": kind, "node": node["Node Type"], "relation": node.get("Relation Name")}
        for node, limited in _below_limit(explained["Plan"])
        for kind in _kinds(node, limited)
    ]
