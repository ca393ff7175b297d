"""Lets an OverflowError out when UTC lies outside the years 1 to 9999.

Caught by: test_days_that_do_not_exist_and_other_forms_are_refused
"""


def parse_time(text):
    try:
        return _moment(text.strip()).astimezone(UTC)
    except ValueError as error:
        raise ValueError(f"{text!r} is no time: {error}") from error
