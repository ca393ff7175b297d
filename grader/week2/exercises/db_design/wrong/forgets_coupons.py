"""Does not compare the coupons and the customer of an order's rows.

Caught by: test_an_order_that_contradicts_itself_is_refused_whole
"""

DETERMINES = {
    ("email",): ("customer", "city"),
    ("city",): ("region",),
    ("sku",): ("product", "category"),
    ("order_id",): ("ordered_at",),
    ("order_id", "line"): ("sku", "quantity", "unit_price"),
}
