"""Refuses the whole call for one contradiction.

Caught by: test_orders_with_a_contradicted_email_city_or_sku_are_refused_and_only_these
"""


def _contradicted_orders(connection, rows):
    for left, rights in DETERMINES.items():
        if any(counterexamples(rows, list(left), right) for right in rights):
            return {row["order_id"] for row in rows}
    return set()
