"""Asks only whether the load came within 24 hours, and takes before for in time.

Caught by: test_exactly_24_hours_are_in_time_and_loaded_before_ordered_is_not
"""


def _timely(orders):
    rows = _having(orders, "ordered_at", "loaded_at")
    return rows["loaded_at"] - rows["ordered_at"] <= timedelta(hours=24)
