"""Accepts row after row and refuses orders that contradict an earlier row.

Caught by: test_the_order_of_rows_does_not_matter
"""


def _contradicted_orders(connection, rows):
    cursor = connection.cursor(row_factory=dict_row)
    orders = set()
    for left, rights in DETERMINES.items():
        known = {}
        for fact in cursor.execute(STORED[left]).fetchall() + rows:
            value = tuple(fact[name] for name in left)
            says = tuple(fact[name] for name in rights)
            if known.setdefault(value, says) != says:
                orders.add(fact["order_id"])
    return orders
