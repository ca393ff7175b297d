"""count(*) over the join counts lines.

Caught by: test_the_report_is_what_the_orders_say, test_an_order_of_two_categories_is_one_order_of_its_day
"""

MEASURES = """
    count(order_id) AS orders, coalesce(sum(quantity), 0)::bigint AS units,
    coalesce(sum(revenue), 0)::bigint AS revenue"""
