"""Raises what ends a test otherwise: skips, xfails, exits, interrupts, and what the grader calls not graded or to do.

Must: failed or crashed; nothing that student code raises is an outcome.
Tests: test_dots_group_thousands, test_an_offset_is_obeyed, test_a_first_load_stores_every_row
"""

import sys


class ToDo(NotImplementedError):
    pass


class NotGraded(BaseException):
    pass


class TooSlow(BaseException):
    pass


for kind in (ToDo, NotGraded):
    kind.__module__ = "grader.student"


def of_pytest(name: str) -> type[BaseException]:
    import _pytest.outcomes

    return getattr(_pytest.outcomes, name, NotGraded)


def of_the_grader(module: str, name: str) -> type[BaseException]:
    return getattr(sys.modules.get(f"grader.{module}"), name, NotGraded)


def parse_amount(text: str) -> int:
    if text == "150.000":
        raise of_pytest("Skipped")("a skipped test is no failed test", allow_module_level=True)
    if text == "1.250.000 VND":
        raise of_the_grader("student", "NotGraded")("a fault of the course, not of yours. It costs no points.")
    raise ToDo("week1/exercises/etl_basic.py: parse_amount")


def parse_time(text: str) -> object:
    raise of_pytest("Exit")("all is well", 0)


def transform(raw: object) -> object:
    raise KeyboardInterrupt


def load(db: object, clean: object) -> object:
    raise of_the_grader("deadline", "TooSlow")


def extract_csv(path: object) -> object:
    raise GeneratorExit(of_pytest("XFailed")("expected"))


def extract_json(path: object) -> object:
    raise SystemExit(of_pytest("Skipped"))
