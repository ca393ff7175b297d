"""Takes the rows of ModifyTable, which are always 0.

Caught by: test_measuring_a_change_tells_its_rows_and_leaves_no_trace
"""


def _giver(top):
    return top
