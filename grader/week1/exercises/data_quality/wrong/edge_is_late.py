"""Wants less than 24 hours.

Caught by: test_exactly_24_hours_are_in_time_and_loaded_before_ordered_is_not
"""


def _timely(orders):
    rows = _having(orders, "ordered_at", "loaded_at")
    waited = rows["loaded_at"] - rows["ordered_at"]
    return (waited >= timedelta(0)) & (waited < timedelta(hours=24))
