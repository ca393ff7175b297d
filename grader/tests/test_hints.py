"""Hints, one step more each time."""

import pytest

from grader.hints import check, next_hint, steps
from grader.tests.toy import exercise, write

HINTS = """
# Toy

What the exercise is about.

## add

1. Nudge:
   look at the two numbers.
2. Idea.

       a + b
3. Nearly there.

## `Box.get`: the box

1. One.
2. Two.
3. Three.
4. Four.
"""


@pytest.fixture
def toy(tmp_path):
    made = exercise(tmp_path, "def add():\n    pass\n")
    write(made.hints, HINTS)
    return made


def test_each_function_has_its_steps(toy):
    found = steps(toy)
    assert list(found) == ["add", "Box.get"]
    assert found["add"] == ["Nudge: look at the two numbers.", "Idea.\n\n    a + b", "Nearly there."]
    assert len(found["Box.get"]) == 4


def test_each_question_gives_one_step_more_and_the_last_one_stays(toy):
    seen = {}
    texts = [next_hint(toy, "add", seen) for _ in range(5)]
    assert [text.partition("\n")[0] for text in texts] == [
        "Hint 1 of 3 for add   (--hint again for the next)",
        "Hint 2 of 3 for add   (--hint again for the next)",
        *["Hint 3 of 3 for add"] * 3,
    ]
    assert texts[-1].endswith("Nearly there.")
    assert next_hint(toy, "Box.get", seen).startswith("Hint 1 of 4")
    assert seen == {"week1/exercises/toy.py::add": 3, "week1/exercises/toy.py::Box.get": 1}


def test_what_was_seen_may_be_more_than_there_is_now(toy):
    assert next_hint(toy, "add", {"week1/exercises/toy.py::add": 99}).startswith("Hint 3 of 3")


def test_a_function_without_hints_says_so(toy):
    assert next_hint(toy, "sub", {}) == "There is no hint for sub."
    toy.hints.unlink()
    assert next_hint(toy, "add", {}) == "There is no hint for add."


def test_three_steps_for_each_task_and_no_others(toy):
    assert list(check(toy, ["add", "Box.get"])) == []
    assert list(check(toy, ["add", "sub"])) == [
        "README.md: ## sub needs three numbered steps; it has 0",
        "README.md: ## Box.get is no function of the stub",
    ]
    write(toy.hints, HINTS.replace("2. Idea.", "Idea."))
    assert list(check(toy, ["add", "Box.get"])) == ["README.md: ## add needs three numbered steps; it has 2"]
    toy.hints.unlink()
    assert list(check(toy, ["add"])) == ["README.md with the hints is missing"]
