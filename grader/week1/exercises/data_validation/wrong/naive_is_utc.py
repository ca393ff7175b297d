"""Takes a time without a zone for UTC.

Caught by: test_a_time_needs_its_zone_and_comes_out_in_utc
"""


def to_datetime(cell):
    if not isinstance(cell, datetime):
        form = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?"
        cell = datetime.fromisoformat(text_of(cell, form))
    if cell.utcoffset() is None:
        cell = cell.replace(tzinfo=UTC)
    return cell.astimezone(UTC)
