"""Hands back iterators: one without end, one that never yields, one that yields what nobody can read.

Must: an iterator where a list belongs is a failure or runs into the time of the test, whoever asks it for more.
Tests: test_dots_group_thousands, test_whole_numbers_become_exact_text, test_a_missing_or_repeated_column_is_named
"""

import itertools
import json
import time
from collections.abc import Iterator


class Rejects:
    """As many rejects as anybody asks for, each of them well made."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)

    def __iter__(self) -> Iterator[dict]:
        return self

    def __next__(self) -> dict:
        return {"source": "a.csv", "record": next(self.numbers), "reason": "amount: x", "raw": json.dumps({})}


def parse_amount(text: str) -> object:
    if text == "150.000":
        return (time.sleep(600) for _ in range(2))
    return iter([lambda: 0, object(), text])


def extract_csv(path: object) -> tuple[object, object]:
    import pandas as pd

    return pd.DataFrame(), Rejects()


def extract_json(path: object) -> tuple[object, object]:
    return Rejects(), itertools.repeat(Rejects())
