"""Reports what was cancelled.

Caught by: test_the_report_is_what_the_orders_say, test_the_total_is_the_sum_of_the_orders_of_these_days
"""

SOLD = """
    SELECT (o.ordered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, coalesce(p.category, 'unknown') AS category,
           o.order_id, l.quantity, l.quantity * l.unit_price AS revenue
    FROM orders AS o JOIN order_items AS l USING (order_id) JOIN products AS p USING (sku)
    WHERE true"""
