"""Cuts the time off a datetime, and with it the question of which day it was where.

Caught by: test_dates_are_written_year_month_day
"""


def to_date(cell):
    if isinstance(cell, datetime):
        return cell.date()
    return date.fromisoformat(text_of(cell, "[0-9]{4}-[0-9]{2}-[0-9]{2}"))
