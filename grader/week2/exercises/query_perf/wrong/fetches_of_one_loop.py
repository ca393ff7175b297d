""" "Heap Fetches" is of all loops, the rows with which it is compared are of one.

Caught by: test_an_index_only_scan_that_visits_the_table_is_found
"""


def _kinds(node, limited):
    loops = node["Actual Loops"]
    returned = node["Actual Rows"] * loops
    if node["Node Type"] == "Seq Scan":
        removed = node.get("Rows Removed by Filter", 0) * loops
        if removed >= 1000 and removed >= 10 * returned:
            yield "wasted_scan"
    if _misestimated(node, limited):
        yield "misestimate"
    if _spilled(node):
        yield "spill"
    if node["Node Type"] == "Seq Scan" and loops >= 100:
        yield "repeated_scan"
    fetched = node.get("Heap Fetches", 0)
    if node["Node Type"] == "Index Only Scan" and fetched >= 100 and 10 * fetched > node["Actual Rows"]:
        yield "visits_heap"
