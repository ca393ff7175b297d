"""The path rule: put grader/ before the stub's path and drop .py."""

from pathlib import PurePosixPath

import pytest

from grader.exercise import Exercise, NoSuchExercise, below, find_all, syllabus_order
from grader.tests.toy import write


@pytest.fixture
def root(tmp_path):
    for id in ("week1/exercises/b.py", "week1/exercises/a.py", "week1/mini_project/c.py", "week2/exercises/a.py"):
        exercise = Exercise(tmp_path, id)
        write(exercise.tests, "")
        write(exercise.stub, "")
    write(tmp_path / "grader/datasets/orders/test_orders.py", "")
    rows = ("week1/exercises/b.py", "week1/exercises/a.py", "week3/exercises/x.py")
    write(tmp_path / "syllabus.md", "".join(f"| `{row}` |\n" for row in rows))
    return tmp_path


def ids(exercises):
    return [exercise.id for exercise in exercises]


def test_everything_about_an_exercise_follows_from_its_path(tmp_path):
    exercise = Exercise(tmp_path, "week1/mini_project/log_analyzer.py")
    folder = tmp_path / "grader/week1/mini_project/log_analyzer"
    assert exercise.folder == folder
    assert exercise.tests == folder / "test_log_analyzer.py"
    assert exercise.stub == folder / "stub.py"
    assert exercise.solution == folder / "solution.py"
    assert exercise.hints == folder / "README.md"
    assert exercise.delivered == tmp_path / "week1/mini_project/log_analyzer.py"
    assert (exercise.name, exercise.part) == ("log_analyzer", "week1")


def test_exercises_come_in_the_order_of_the_syllabus_and_then_by_name(root):
    assert ids(find_all(root)) == [
        "week1/exercises/b.py",
        "week1/exercises/a.py",
        "week1/mini_project/c.py",
        "week2/exercises/a.py",
    ]


def test_without_a_syllabus_there_is_an_order_too(root):
    (root / "syllabus.md").unlink()
    assert syllabus_order(root) == {}
    assert len(find_all(root)) == 4


@pytest.mark.parametrize(
    ("path", "many"), [("week1", 3), ("week1/exercises", 2), ("week1/exercises/a.py", 1), (".", 4), ("week2", 1)]
)
def test_a_path_stands_for_the_exercises_below_it(root, path, many):
    assert len(below(root, PurePosixPath(path))) == many


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("week3", "still to come"),
        ("week3/exercises/x.py", "still to come"),
        ("week9", "week9 has no hidden tests: grader/week9 does not exist"),
        ("week1/exercises/aa.py", r"Did you mean week1/exercises/a\.py"),
        ("week1/exercise", r"Did you mean week1/exercises\?"),
        ("week1/exercises/zzzzzzzzzzzzzz.py", "grader/week1/exercises/zzzzzzzzzzzzzz does not exist"),
    ],
)
def test_a_path_without_hidden_tests_says_what_is_missing(root, path, why):
    with pytest.raises(NoSuchExercise, match=why):
        below(root, PurePosixPath(path))
