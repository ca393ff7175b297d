"""Calls an ISO time without offset UTC.

Caught by: test_an_iso_time_without_offset_is_refused, test_days_that_do_not_exist_and_other_forms_are_refused
"""

ISO_TIME = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{CLOCK}:[0-5][0-9](?:Z|[+-]{CLOCK})?")


def parse_time(text):
    try:
        moment = _moment(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no time: {error}") from error
