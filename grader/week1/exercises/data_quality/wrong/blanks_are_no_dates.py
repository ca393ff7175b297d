"""Counts blank cells among those that should look like something.

Caught by: test_text_that_looks_like_numbers_or_dates_is_named
"""


def _looks_like(texts):
    for name, is_such in (("int", _is_int), ("date", _is_date)):
        if texts and sum(map(is_such, texts)) / len(texts) >= 0.95:
            return name
    return None
