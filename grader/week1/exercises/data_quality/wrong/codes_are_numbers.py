"""Takes for a number what int() takes: "007", " 5", "1_000".

Caught by: test_text_that_looks_like_numbers_or_dates_is_named
"""


def _is_int(text):
    try:
        int(text)
    except ValueError:
        return False
    return True
