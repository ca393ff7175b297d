"""Leaves the form to fromisoformat, which takes week dates, blanks for T, and more.

Caught by: test_days_that_do_not_exist_and_other_forms_are_refused
"""


def _moment(text):
    if found := SHOP_TIME.fullmatch(text):
        day, month, year, clock = found.groups()
        return datetime.fromisoformat(f"{year}-{month}-{day}T{clock}").replace(tzinfo=SHOP_CLOCK)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment
