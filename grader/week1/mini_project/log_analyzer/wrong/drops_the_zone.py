"""Reads the clock of the server and calls it UTC.

Caught by: test_times_of_every_zone_meet_in_utc
"""


def moment(text: bytes) -> datetime:
    try:
        day, month, year, hour, minute, second, *_ = TIME.fullmatch(text).groups()
        return datetime(int(year), MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except (AttributeError, KeyError, ValueError):
        raise ValueError(f"time: {text!r} is no time") from None
