"""Judges the stored windows as they are: where nothing was stored, there was no silence.

Caught by: test_spikes_of_the_day_are_judged_by_the_days_before
"""


def without_holes(connection: sqlite3.Connection) -> list[dict]:
    """All stored windows, and empty ones between them."""
    query = "SELECT start, requests, errors FROM windows ORDER BY start"
    return [
        {"start": start, "requests": requests, "errors": errors}
        for start, requests, errors in connection.execute(query)
    ]
