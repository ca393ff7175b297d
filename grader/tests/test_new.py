"""A new exercise: everything that the path rule asks for."""

from pathlib import PurePosixPath

import pytest

from grader.exercise import find_all
from grader.hints import check
from grader.manifest import rules
from grader.new import CannotLayOut, lay_out
from grader.tests.toy import write

SYLLABUS = """
# Syllabus

| `week1/exercises/a.py` | words | none | ready |

Week 2

| `week2/exercises/later.py` | words | none | coming |
"""


@pytest.fixture
def root(tmp_path):
    write(tmp_path / "syllabus.md", SYLLABUS)
    return tmp_path


def new(root, path):
    return lay_out(root, PurePosixPath(path))


def test_a_new_exercise_has_all_its_files_and_its_row(root):
    files = new(root, "week1/exercises/late_orders.py")
    assert {path.relative_to(root).as_posix() for path in files} >= {
        "week1/exercises/late_orders.py",
        "grader/week1/exercises/late_orders/stub.py",
        "grader/week1/exercises/late_orders/solution.py",
        "grader/week1/exercises/late_orders/test_late_orders.py",
        "grader/week1/exercises/late_orders/README.md",
    }
    (exercise,) = find_all(root)
    assert sum(rule.points for rule in rules(exercise)) == 100
    assert list(check(exercise, ["total"])) == []
    assert exercise.delivered.read_bytes() == exercise.stub.read_bytes()
    rows = [line for line in (root / "syllabus.md").read_text().splitlines() if line.startswith("|")]
    assert "`week1/exercises/late_orders.py`" in rows[1]


def test_a_row_that_is_there_already_stays_the_only_one(root):
    new(root, "week2/exercises/later.py")
    assert (root / "syllabus.md").read_text() == SYLLABUS.lstrip("\n")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("week1/exercises/Late.py", "a-z, 0-9 and _"),
        ("week1/exercises/late-orders.py", "a-z, 0-9 and _"),
        ("week1/exercises/late", "is called like"),
        ("week1/late.py", "is called like"),
        ("weeks/exercises/late.py", "is called like"),
        ("grader/exercises/late.py", "is called like"),
    ],
)
def test_a_path_that_no_exercise_can_have_is_refused_and_nothing_is_written(root, path, why):
    with pytest.raises(CannotLayOut, match=why):
        new(root, path)
    assert [path.name for path in root.iterdir()] == ["syllabus.md"]


def test_what_is_there_is_never_overwritten(root):
    new(root, "week1/exercises/late.py")
    with pytest.raises(CannotLayOut, match="is there already"):
        new(root, "week1/exercises/late.py")
    write(root / "week1/exercises/mine.py", "x = 1\n")
    with pytest.raises(CannotLayOut, match="is there already"):
        new(root, "week1/exercises/mine.py")
