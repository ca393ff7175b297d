"""Lets orders and payments without order_id find each other, as a merge in pandas does.

Caught by: test_orders_and_payments_without_order_id_do_not_meet
"""


def _accurate(orders, payments):
    paid = payments.groupby("order_id", dropna=False)["amount"].sum().rename("paid").reset_index()
    rows = _having(orders, "amount").merge(paid, on="order_id")
    rows = rows[rows["status"].isin(["paid", "shipped"])]
    return rows["amount"] == rows["paid"]
