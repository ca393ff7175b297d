"""Calls a missing status invalid as well: one fault, two dimensions.

Caught by: test_every_dimension_counts_its_own_faults_and_no_others
"""


def _valid(orders):
    rows = _having(orders, "amount")
    return rows["status"].isin(STATUSES) & (rows["amount"] >= 0)
