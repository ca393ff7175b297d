"""Cuts the offset off and calls the rest UTC.

Caught by: test_an_offset_is_obeyed
"""


def parse_time(text):
    try:
        moment = _moment(text.strip())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no time: {error}") from error
    return moment.replace(tzinfo=UTC) if "T" in text else moment.astimezone(UTC)
