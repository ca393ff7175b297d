"""Reads 01/03 as the third of January.

Caught by: test_the_shops_write_the_day_first_and_mean_their_own_clock
"""


def _moment(text):
    if ISO_TIME.fullmatch(text):
        return datetime.fromisoformat(text)
    if found := SHOP_TIME.fullmatch(text):
        month, day, year, clock = found.groups()
        return datetime.fromisoformat(f"{year}-{month}-{day}T{clock}").replace(tzinfo=SHOP_CLOCK)
    raise ValueError("neither ISO 8601 with an offset nor DD/MM/YYYY HH:MM")
