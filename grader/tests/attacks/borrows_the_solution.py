"""Runs the model answer of the course instead of its own code, from its file or from a module that is loaded.

Must: there is no solution within reach; every test fails.
Tests: test_dots_group_thousands, test_every_other_spelling_of_an_amount_is_refused, test_an_offset_is_obeyed,
test_text_is_trimmed_and_only_customer_and_district_may_be_missing
"""

import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

COURSE = ""


def solution() -> Any:
    for place in (COURSE, "/course", *sys.path):
        path = Path(place, "grader/week1/exercises/etl_basic/solution.py")
        if path.is_file():
            names: dict[str, Any] = {"__name__": "borrowed"}
            exec(path.read_text(encoding="utf-8"), names)
            return SimpleNamespace(**names)
    return sys.modules["grader.week1.exercises.etl_basic.solution"]


def parse_amount(text: str) -> int:
    return solution().parse_amount(text)


def parse_time(text: str) -> datetime:
    return solution().parse_time(text)


def transform(raw: Any) -> Any:
    return solution().transform(raw)
