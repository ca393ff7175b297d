"""Refuses "PAID", because only "paid" is in the list.

Caught by: test_text_is_trimmed_and_only_customer_and_district_may_be_missing
"""


def _status(text):
    if text not in STATUSES:
        raise ValueError(f"{text!r} is none of {', '.join(STATUSES)}")
    return text
