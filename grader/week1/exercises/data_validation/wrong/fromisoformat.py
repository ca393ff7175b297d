"""Leaves it to date.fromisoformat, which also takes "20260301" and "2026-W09-7".

Caught by: test_dates_are_written_year_month_day
"""


def to_date(cell):
    if not isinstance(cell, str):
        raise ValueError(f"{cell!r} is no text")
    return date.fromisoformat(cell.strip())
