"""Takes amounts of any size; the column of the whole night then overflows.

Caught by: test_an_amount_that_no_column_can_hold_is_refused
"""


def parse_amount(text):
    found = AMOUNT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no amount in dong")
    return int(found[1].replace(".", ""))
