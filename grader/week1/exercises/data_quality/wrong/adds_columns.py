"""Keeps its notes in the table that it measures.

Caught by: test_measuring_does_not_change_the_tables
"""


def _timely(orders):
    orders["hours"] = (orders["loaded_at"] - orders["ordered_at"]).dt.total_seconds() / 3600
    return orders["hours"].dropna().between(0, 24)
