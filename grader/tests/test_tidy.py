"""What must hold for the course as a whole."""

import pytest

from grader.exercise import Exercise
from grader.tests.toy import write
from grader.tidy import check

SYLLABUS = """
| path | what | system | status |
|---|---|---|---|
| [`week1/exercises/a.py`](week1/exercises/a.py) | words, and `code` | none | ready |
| `week1/exercises/later.py` | words | PostgreSQL | coming |
"""


@pytest.fixture
def root(tmp_path):
    write(tmp_path / "syllabus.md", SYLLABUS)
    add(tmp_path, "week1/exercises/a.py")
    return tmp_path


def add(root, id):
    exercise = Exercise(root, id)
    for path in (exercise.tests, exercise.stub, exercise.delivered):
        write(path, "")


def test_a_course_where_everything_is_in_its_place_is_tidy(root):
    assert list(check(root)) == []


def test_a_path_of_the_syllabus_that_is_not_there_is_named(root):
    write(root / "syllabus.md", SYLLABUS.replace("coming", "ready"))
    assert list(check(root)) == [
        "syllabus.md has week1/exercises/later.py, which does not exist and is not marked *coming*"
    ]


def test_an_exercise_that_the_syllabus_lacks_is_named(root):
    add(root, "week2/exercises/new.py")
    assert list(check(root)) == ["week2/exercises/new.py is not in syllabus.md"]


def test_a_stub_without_its_folder_is_named(root):
    write(root / "week1/exercises/stray.py", "")
    write(root / "week1/data/orders.csv", "")
    assert list(check(root)) == ["week1/exercises/stray.py has no folder in grader/"]


def test_data_that_its_generator_would_write_otherwise_is_named(root, monkeypatch):
    def write_week(files, folder, seed, scale):
        for name in files:
            write(folder / name, f"{name} {seed} {scale}\n")

    monkeypatch.setattr("grader.tidy.files_of", lambda root, week: ["fresh.csv", "old.csv", "more/missing.csv"])
    monkeypatch.setattr("grader.tidy.write_week", write_week)
    write(root / "grader/week1/data.py", "")
    write(root / "week1/data/fresh.csv", "fresh.csv 2026 1\n")
    write(root / "week1/data/old.csv", "old.csv 7 1\n")
    assert list(check(root)) == [
        "week1/data/more/missing.csv is not fresh; run: grade data week1",
        "week1/data/old.csv is not fresh; run: grade data week1",
    ]
