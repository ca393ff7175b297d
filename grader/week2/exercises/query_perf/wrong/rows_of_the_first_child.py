"""Takes the first child of ModifyTable, which may be an InitPlan.

Caught by: test_rows_of_a_change_are_not_those_of_its_subquery
"""


def _giver(top):
    return top["Plans"][0] if top["Node Type"] == "ModifyTable" else top
