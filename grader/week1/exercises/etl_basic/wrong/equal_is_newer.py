"""Updates a stored row with the very same version, so a second load reports updates.

Caught by: test_a_second_load_changes_no_row
"""

MERGE = """
    INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (order_id) DO UPDATE SET
        ordered_at = excluded.ordered_at, updated_at = excluded.updated_at, customer_id = excluded.customer_id,
        district = excluded.district, status = excluded.status, amount = excluded.amount,
        source = excluded.source, record = excluded.record
    WHERE (excluded.updated_at, excluded.source, excluded.record) >= (orders.updated_at, orders.source, orders.record)
"""
