"""Takes orders without order_id for repetitions of one order.

Caught by: test_rows_beyond_the_first_of_an_order_are_not_unique
"""


def _first_of_its_id(orders):
    return ~orders.duplicated("order_id")
