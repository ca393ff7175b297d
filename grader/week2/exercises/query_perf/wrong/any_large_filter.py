"""Calls every scan wasted that removes a thousand rows, also one that returns most of a table.

Caught by: test_a_scan_that_throws_nearly_everything_away_is_found
"""


def _kinds(node, limited):
    loops = node["Actual Loops"]
    returned = node["Actual Rows"] * loops
    if node["Node Type"] == "Seq Scan":
        removed = node.get("Rows Removed by Filter", 0) * loops
        if removed >= 1000:
            yield "wasted_scan"
    if _misestimated(node, limited):
        yield "misestimate"
    if _spilled(node):
        yield "spill"
    if node["Node Type"] == "Seq Scan" and loops >= 100:
        yield "repeated_scan"
    fetched = node.get("Heap Fetches", 0)
    if node["Node Type"] == "Index Only Scan" and fetched >= 100 and 10 * fetched > returned:
        yield "visits_heap"
