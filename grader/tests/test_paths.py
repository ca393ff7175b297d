"""From the command line to hidden tests."""

import pytest

from grader.exercise import Exercise, NoSuchExercise
from grader.paths import select
from grader.tests.toy import STUB, TESTS, write


@pytest.fixture
def root(tmp_path):
    for id in ("week1/exercises/toy.py", "week1/mini_project/big.py", "week2/exercises/other.py"):
        exercise = Exercise(tmp_path, id)
        write(exercise.tests, TESTS)
        write(exercise.stub, STUB)
        write(exercise.delivered, STUB)
    write(tmp_path / "grader/tests/test_own.py", "")
    return tmp_path


def chosen(root, *arguments, folder=""):
    return [
        f"{one.exercise.name}{'::' if one.test else ''}{one.test}" for one in select(root, [*arguments], root / folder)
    ]


@pytest.mark.parametrize(
    ("arguments", "folder", "found"),
    [
        (["week1"], "", ["toy", "big"]),
        (["week1/"], "", ["toy", "big"]),
        (["./week1"], "", ["toy", "big"]),
        (["week1", "week2"], "", ["toy", "big", "other"]),
        (["week1/exercises"], "", ["toy"]),
        (["week1/exercises/toy.py"], "", ["toy"]),
        (["week1/exercises/toy"], "", ["toy"]),
        (["week1/exercises/toy.py::test_text_is_refused"], "", ["toy::test_text_is_refused"]),
        (
            ["week1/exercises/toy.py::add"],
            "",
            [f"toy::test_{name}" for name in ("numbers_are_added", "text_is_refused", "nothing_changes_nothing")],
        ),
        (["week1::test_text_is_refused"], "", ["toy::test_text_is_refused", "big::test_text_is_refused"]),
        (["week1/exercises/toy.py::test_text_is_refused", "week1"], "", ["toy", "big"]),
        (["week1", "week1"], "", ["toy", "big"]),
        ([], "week1", ["toy", "big"]),
        ([], "week1/exercises", ["toy"]),
        (["."], "week1", ["toy", "big"]),
        (["exercises/toy.py"], "week1", ["toy"]),
        (["toy.py"], "week1/exercises", ["toy"]),
        (["../week2"], "week1", ["other"]),
        (["grader/week1"], "", ["toy", "big"]),
        (["grader/week1/exercises/toy/test_toy.py"], "", ["toy"]),
        (["grader/week1/exercises/toy/test_toy.py::test_text_is_refused"], "", ["toy::test_text_is_refused"]),
    ],
)
def test_paths_stand_for_exercises_from_wherever_one_is(root, arguments, folder, found):
    assert sorted(chosen(root, *arguments, folder=folder)) == sorted(found)


@pytest.mark.parametrize(
    "arguments", [[], ["grader/tests"], ["grader/tests/test_own.py::test_x"], ["nothing/at/all.py"]]
)
def test_what_is_not_about_the_course_is_left_to_pytest(root, arguments):
    assert chosen(root, *arguments) == []
    assert select(root, [], root.parent) == []


def test_an_absolute_path_is_understood_from_anywhere(root, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert [one.exercise.name for one in select(root, [str(root / "week2")], elsewhere)] == ["other"]


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("wek1", r"wek1 does not exist. Did you mean week1\?"),
        ("Week1", r"Did you mean week1\?"),
        ("week1/exercise/toy.py", r"Did you mean week1/exercises/toy\.py\?"),
        ("week1/exercises/toys.py", r"Did you mean week1/exercises/toy\.py\?"),
        ("week7", "week7 has no hidden tests"),
        ("week1/exercises/toy.py::test_text_is_refsed", r"Did you mean test_text_is_refused\?"),
        ("week1/exercises/toy.py::shut", r"has no test 'shut'. Did you mean shout\?"),
        ("week1/exercises/toy.py::test_zzz", r"It has 4 tests: pytest week1/exercises/toy\.py --co lists them"),
    ],
)
def test_a_slip_of_the_finger_is_answered_with_what_was_meant(root, argument, why):
    with pytest.raises(NoSuchExercise, match=why):
        chosen(root, argument)


def test_exercises_and_other_tests_do_not_go_together(root):
    with pytest.raises(NoSuchExercise, match="two commands"):
        chosen(root, "week1", "grader/tests")


def test_the_argument_for_pytest_is_the_hidden_test(root):
    (one,) = select(root, ["week1/exercises/toy.py::test_text_is_refused"], root)
    assert one.argument == f"{one.exercise.tests}::test_text_is_refused"
    (one,) = select(root, ["week2"], root)
    assert one.argument == str(one.exercise.tests)
