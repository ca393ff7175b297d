"""Keeps the fact that came first and drops what contradicts it without a word.

Caught by: test_orders_with_a_contradicted_email_city_or_sku_are_refused_and_only_these
"""

DETERMINES = {
    ("order_id",): ("ordered_at", "email", "coupons"),
    ("order_id", "line"): ("sku", "quantity", "unit_price"),
}
