"""Looks for missing customers among the customers.

Caught by: test_an_order_of_an_unknown_customer_breaks_integrity
"""


def _of_a_customer(orders, customers):
    return orders["customer_id"].isin(customers["customer_id"])
