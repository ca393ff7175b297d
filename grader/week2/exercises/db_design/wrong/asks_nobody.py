"""Does not look whether there is such a product.

Caught by: test_an_unknown_sku_and_a_negative_price_change_nothing
"""


def _lock_product(connection, sku):
    pass
