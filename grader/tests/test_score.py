"""From verdicts to points."""

import pytest

from grader.exercise import Exercise
from grader.manifest import Rule
from grader.score import Score, as_json, exit_code
from grader.verdict import OUTCOMES, Verdict

NAMES = ("test_a", "test_b", "test_c")


def score(*outcomes, selected=NAMES):
    """The score of three tests of 10, 20 and 70 points; "" has not run."""
    rules = [Rule(name, "f", points, "why", 5.0, ()) for name, points in zip(NAMES, (10, 20, 70), strict=True)]
    made = Score(Exercise(None, "week1/exercises/toy.py"), rules, {*selected})
    for name, outcome in zip(NAMES, outcomes, strict=False):
        if outcome:
            made.add(name, Verdict(outcome, f"about {name}"), 0.25)
    return made


def test_only_what_passed_earns_points():
    for outcome in OUTCOMES:
        assert score(outcome).points == (10 if outcome == "passed" else 0)
    made = score("passed", "failed", "passed")
    assert (made.points, made.maximum, made.outcomes["passed"]) == (80, 100, 2)


def test_what_did_not_run_is_not_full_marks():
    made = score("passed", "passed")
    assert (made.points, made.maximum, made.outcomes["not run"]) == (30, 100, 1)
    assert exit_code([made]) == 1


def test_only_what_was_selected_counts():
    made = score("passed", selected=["test_a"])
    assert (made.points, made.maximum, len(made.shown)) == (10, 10, 1)
    assert exit_code([made]) == 0


def test_two_results_of_one_test_earn_nothing():
    made = score("passed")
    made.add("test_a", Verdict("passed"), 0.1)
    assert made.points == 0
    assert made.verdicts["test_a"].outcome == "failed"
    assert "two results" in made.verdicts["test_a"].message


def test_a_result_that_is_not_in_the_manifest_earns_nothing():
    made = score("passed", "passed", "passed")
    made.add("test_forged", Verdict("passed"), 0.1)
    assert made.points == 100
    told = [test["id"].partition("::")[2] for test in as_json([made], {})["tests"]]
    assert told == list(NAMES)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        (("passed", "passed", "passed"), 0),
        (("passed", "not graded", "passed"), 6),
        (("not graded", "not graded", "not graded"), 6),
        (("failed", "not graded", "passed"), 1),
        (("to do", "to do", "to do"), 1),
        (("passed", "too slow", "passed"), 1),
        (("passed", "crashed", "passed"), 1),
        (("passed", "", "passed"), 1),
    ],
)
def test_the_exit_code_tells_full_marks_from_not_graded_from_the_rest(outcomes, code):
    assert exit_code([score(*outcomes)]) == code
    assert exit_code([score("passed", "passed", "passed"), score(*outcomes)]) == code


def test_the_results_have_one_entry_for_each_test_of_the_manifest():
    results = as_json([score("passed", "failed", selected=["test_a"])], {"level": "self", "seed": "public"})
    assert (results["schema"], results["level"]) == ("course-results/1", "self")
    assert (results["points"], results["max"]) == (10, 100)
    assert [(test["outcome"], test["points"], test["max"]) for test in results["tests"]] == [
        ("passed", 10, 10),
        ("failed", 0, 20),
        ("not run", 0, 70),
    ]
    assert results["tests"][0] == {
        "id": "week1/exercises/toy.py::test_a",
        "function": "f",
        "outcome": "passed",
        "points": 10,
        "max": 10,
        "seconds": 0.25,
        "message": "about test_a",
    }


def test_why_a_file_cannot_be_loaded_is_known_once():
    made = score("passed")
    assert made.unloadable == ""
    made.add("test_b", Verdict("failed", "line 3", shared=True), 0.0)
    assert made.unloadable == "line 3"
