"""Stumbles over lines that are stored already.

Caught by: test_a_second_load_changes_nothing_and_counts_duplicates
"""

INSERT_LINES = """
insert into order_items (order_id, line, sku, quantity, unit_price)
    select order_id, line, sku, quantity, unit_price from arriving
"""
