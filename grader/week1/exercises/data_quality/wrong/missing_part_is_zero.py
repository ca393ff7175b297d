"""Takes a missing part of the amount for 0.

Caught by: test_an_amount_is_consistent_with_its_parts
"""


def _consistent(orders):
    rows = _having(orders, "amount")
    return rows["amount"] == rows["items_total"].fillna(0) + rows["shipping"].fillna(0)
