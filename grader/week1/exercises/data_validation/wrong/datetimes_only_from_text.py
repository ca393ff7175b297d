"""Converts text to datetimes and no longer knows its own result.

Caught by: test_coerce_of_coerced_rows_changes_nothing
"""


def to_datetime(cell):
    form = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"
    return datetime.fromisoformat(text_of(cell, form)).astimezone(UTC)
