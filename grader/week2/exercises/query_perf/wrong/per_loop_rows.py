"""Takes "Actual Rows", the average of one loop, for the total.

Caught by: test_rows_of_a_node_are_those_of_all_its_loops
"""


def _total(node):
    return round(node["Actual Rows"])
