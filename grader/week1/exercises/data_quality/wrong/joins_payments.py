"""Joins the payments row by row, so an order counts once for each of them.

Caught by: test_split_payments_double_nothing_and_refunds_subtract
"""


def _accurate(orders, payments):
    rows = _having(orders, "order_id", "amount").merge(payments, on="order_id", suffixes=("", "_paid"))
    rows = rows[rows["status"].isin(["paid", "shipped"])]
    return rows["amount"] == rows["amount_paid"]
