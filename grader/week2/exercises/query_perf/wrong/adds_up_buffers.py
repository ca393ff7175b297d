"""Adds up the buffers of all nodes, although a node's buffers hold those of its children.

Caught by: test_buffers_are_those_of_the_whole_statement_once
"""


def measure(db, sql, params):
    top = _explain(db, "ANALYZE, BUFFERS, FORMAT JSON", sql, params)
    nodes = [node for node, _ in _walk(top)]
    return {
        "rows": _total(_giver(top)),
        "buffers": sum(node["Shared Hit Blocks"] + node["Shared Read Blocks"] for node in nodes),
        "nodes": [
            _described(node, depth) | {"actual": _total(node), "loops": node["Actual Loops"]}
            for node, depth in _walk(top)
        ],
    }
