"""Counts every row of a repeated order, the first one too.

Caught by: test_rows_beyond_the_first_of_an_order_are_not_unique
"""


def _first_of_its_id(orders):
    return ~_having(orders, "order_id").duplicated("order_id", keep=False)
