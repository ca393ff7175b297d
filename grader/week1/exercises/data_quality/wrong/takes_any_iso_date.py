"""Takes for a date what fromisoformat takes: "20260301", "2026-W09-7".

Caught by: test_text_that_looks_like_numbers_or_dates_is_named
"""


def _is_date(text):
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
