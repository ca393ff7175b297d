"""Answers each call, rightly, just before its deadline: fifty calls would last for minutes.

Must: the test is too slow when the time of all its calls together is used up.
Tests: test_every_other_spelling_of_an_amount_is_refused
"""

import time


def parse_amount(text: str) -> int:
    time.sleep(4.7)
    if text == "1.250.000 VND":
        return 1_250_000
    raise ValueError(text)
