"""Takes "Paid" for "paid".

Caught by: test_a_known_status_and_an_amount_of_zero_or_more_are_valid
"""


def _valid(orders):
    rows = _having(orders, "status", "amount")
    return rows["status"].str.lower().isin(STATUSES) & (rows["amount"] >= 0)
