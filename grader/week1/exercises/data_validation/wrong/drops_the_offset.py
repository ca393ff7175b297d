"""Cuts the offset off and calls what is left UTC.

Caught by: test_a_time_needs_its_zone_and_comes_out_in_utc, test_coerce_of_coerced_rows_changes_nothing
"""


def to_datetime(cell):
    if not isinstance(cell, datetime):
        form = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"
        cell = datetime.fromisoformat(text_of(cell, form))
    if cell.utcoffset() is None:
        raise ValueError(f"{cell} has no offset")
    return cell.replace(tzinfo=UTC)
