"""Lets strptime read the month, in the language of the machine; and its %z leaves the time in the zone of the line.

Caught by: test_times_of_every_zone_meet_in_utc
"""


def moment(text: bytes) -> datetime:
    try:
        return datetime.strptime(text.decode(), "%d/%b/%Y:%H:%M:%S %z")
    except ValueError:
        raise ValueError(f"time: {text!r} is no time") from None
