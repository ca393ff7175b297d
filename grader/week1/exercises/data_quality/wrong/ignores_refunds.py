"""Leaves negative payments out of the sum.

Caught by: test_split_payments_double_nothing_and_refunds_subtract
"""


def _accurate(orders, payments):
    paid = payments[payments["amount"] > 0].groupby("order_id")["amount"].sum()
    rows = _having(orders, "order_id", "amount")
    rows = rows[rows["status"].isin(["paid", "shipped"]) & rows["order_id"].isin(paid.index)]
    return rows["amount"] == rows["order_id"].map(paid)
