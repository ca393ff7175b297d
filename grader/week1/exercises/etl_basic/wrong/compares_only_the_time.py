"""Lets chance decide between two versions of the same second.

Caught by: test_an_older_version_that_comes_late_overwrites_nothing
"""

MERGE = """
    INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (order_id) DO UPDATE SET
        ordered_at = excluded.ordered_at, updated_at = excluded.updated_at, customer_id = excluded.customer_id,
        district = excluded.district, status = excluded.status, amount = excluded.amount,
        source = excluded.source, record = excluded.record
    WHERE excluded.updated_at > orders.updated_at
"""
