"""Keeps its notes in the table that it measures.

Caught by: test_measuring_does_not_change_the_tables
"""


def _timely(orders):
    orders["waited"] = orders["loaded_at"] - orders["ordered_at"]
    return _having(orders, "waited")["waited"].between(timedelta(0), timedelta(hours=24))
