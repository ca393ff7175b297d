"""pytest as a user types it, on a toy course of its own."""

import json
import os
import re
import xml.etree.ElementTree as ET

import pytest

from grader.jail import Unavailable, bubblewrap
from grader.tests import toy
from grader.tests.toy import ID, SOLUTION

TESTS = [
    "test_numbers_are_added",
    "test_text_is_refused",
    "test_nothing_changes_nothing",
    "test_names_are_upper_case",
]
WHISPERS = SOLUTION.replace("upper", "lower")


@pytest.fixture
def course(tmp_path):
    return toy.course(tmp_path / "course")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A course for runs that leave nothing behind."""
    return toy.course(tmp_path_factory.mktemp("shared"))


LOOPING = SOLUTION.replace("return name.upper()", "import itertools\n    return sum(itertools.count())").lstrip("\n")


@pytest.fixture(scope="module", autouse=True)
def hanging(shared, tmp_path_factory):
    """A run that needs many seconds to find out that it hangs, while the other tests go on."""
    answers = tmp_path_factory.mktemp("hanging")
    toy.write(answers / ID, LOOPING)
    process = toy.begin(shared, "week1", f"--answers={answers}")
    yield process
    process.kill()
    process.communicate()


def outcomes(path):
    """Outcome of each test in a results file, which has one entry for each."""
    results = json.loads(path.read_text(encoding="utf-8"))
    assert [test["id"] for test in results["tests"]] == [f"{ID}::{name}" for name in TESTS]
    assert results["points"] == sum(test["points"] for test in results["tests"])
    assert results["max"] == 100
    return [test["outcome"] for test in results["tests"]]


# the stub, the solution


def test_a_stub_is_to_do_and_the_next_thing_is_told(shared, tmp_path):
    done = toy.pytest(shared, "week1", f"--results={tmp_path / 'r.json'}", f"--junitxml={tmp_path / 'j.xml'}")
    assert done.returncode == 1
    assert outcomes(tmp_path / "r.json") == ["to do"] * 4
    assert "add    0/50  ░░░░░░░░░░  to do" in done.stdout
    assert f"Next: add in {ID}, line 7\n      pytest {ID}::add" in done.stdout
    assert "0 of 100 points · 4 tests to do" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert "\033" not in done.stdout + done.stderr
    cases = ET.parse(tmp_path / "j.xml").getroot().iter("testcase")
    assert sorted((case.get("classname"), case.get("name")) for case in cases) == sorted(
        ("week1.exercises.toy", name) for name in TESTS
    )


def test_a_solution_earns_everything_from_inside_the_week_and_a_conftest_there_does_nothing(course, tmp_path):
    toy.answer(course, SOLUTION)
    toy.write(course / "week1/conftest.py", "raise SystemExit('conftest')\n")
    done = toy.pytest(course, f"--results={tmp_path / 'r.json'}", folder="week1")
    assert (done.returncode, done.stderr) == (0, "")
    assert outcomes(tmp_path / "r.json") == ["passed"] * 4
    assert "100 of 100 points" in done.stdout
    assert "Next" not in done.stdout


# what is selected


def test_tests_are_selected_by_path_name_and_function(shared):
    done = toy.pytest(shared, "exercises/toy.py::add", "-k", "not text", "--co", "-q", folder="week1")
    assert done.returncode == 0
    assert re.findall(r"^week1\S+", done.stdout, re.MULTILINE) == [f"{ID}::{TESTS[0]}", f"{ID}::{TESTS[2]}"]


def test_x_stops_at_the_first_failure_and_lf_takes_up_there(course, tmp_path):
    toy.answer(course, WHISPERS.replace("return a + b", "return a - b"))
    done = toy.pytest(course, "week1", "-x", f"--results={tmp_path / 'r.json'}")
    assert done.returncode == 1
    assert outcomes(tmp_path / "r.json") == ["failed", "not run", "not run", "not run"]
    toy.answer(course, WHISPERS)
    done = toy.pytest(course, "week1", "--lf", f"--results={tmp_path / 'r.json'}")
    assert done.returncode == 0
    assert outcomes(tmp_path / "r.json") == ["passed", "not run", "not run", "not run"]
    assert "35 of 35 points selected (of 100)" in done.stdout


# what goes wrong


def test_a_wrong_command_is_one_sentence(shared):
    done = toy.pytest(shared, "wek1")
    assert done.returncode == 4
    assert "wek1 does not exist. Did you mean week1?" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_without_the_plugin_the_missing_package_is_named(shared):
    done = toy.pytest(shared, "week1", "-p", "no:course")
    assert done.returncode == 4
    assert "python-data-engineer" in done.stderr


def test_a_foreign_configuration_is_refused_with_the_reason(course):
    toy.write(course / "week1/pytest.ini", "[pytest]\naddopts = --collect-only\n")
    done = toy.pytest(course, "week1")
    assert done.returncode == 4
    assert "pytest.ini is not the course's pytest configuration; remove it" in done.stderr


def test_what_is_not_installed_is_not_graded_and_costs_nothing(course, tmp_path):
    stub = course / "grader/week1/exercises/toy/stub.py"
    stub.write_text(stub.read_text().replace("\n\n\ndef add", "\nimport no_such_module\n\n\ndef add", 1))
    toy.answer(course, SOLUTION)
    done = toy.pytest(course, "week1", f"--results={tmp_path / 'r.json'}")
    assert done.returncode == 6
    assert outcomes(tmp_path / "r.json") == ["not graded"] * 4
    assert "no_such_module is not installed here. It costs no points" in done.stdout


def test_a_console_of_windows_gets_plain_marks_and_commands_begin_with_uv_run(shared, tmp_path):
    toy.write(tmp_path / ID, WHISPERS.replace("name.lower()", "name.lower() + '\\u0110…'"))
    done = toy.pytest(
        shared, "week1", f"--answers={tmp_path}", PYTHONIOENCODING="cp1252", PYTHONUTF8="0", UV_RUN_RECURSION_DEPTH="1"
    )
    assert done.returncode == 1
    assert "x names are upper case" in done.stdout
    assert "shout   0/50  ..........  1 failed" in done.stdout
    assert f"uv run pytest {ID}::shout" in done.stdout
    assert "UnicodeEncodeError" not in done.stdout + done.stderr


def test_a_hint_is_for_the_next_thing_to_do(course):
    toy.answer(course, WHISPERS)
    done = toy.pytest(course, "week1", "--hint")
    assert "Hint 1 of 3 for shout   (--hint again for the next)\nLouder." in done.stdout


# what does not come back


def test_after_two_calls_that_ran_out_of_time_the_function_is_not_tried_again(shared, tmp_path):
    toy.write(tmp_path / ID, SOLUTION.replace("return a + b", "while True:\n        pass"))
    done = toy.pytest(shared, "week1", f"--answers={tmp_path}", f"--results={tmp_path / 'r.json'}")
    assert done.returncode == 1
    assert outcomes(tmp_path / "r.json") == ["too slow", "too slow", "too slow", "passed"]
    assert f"stopped after 0.5 s ({ID}:" in done.stdout
    assert "not tried: add ran out of time in 2 tests before" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="apart needs processes that can be forked")
def test_an_answer_that_took_its_time_is_not_tried_again(tmp_path):
    """The time that all tests together may take is over after the first one."""
    course = toy.course(tmp_path / "course")
    module = course / "grader" / "course.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace("EXERCISE = 600.0", "EXERCISE = 0.0"), encoding="utf-8")
    toy.answer(course, SOLUTION)
    results = tmp_path / "r.json"
    done = toy.pytest(course, "week1", "--apart", "--jail=rlimits", f"--results={results}")
    assert outcomes(results) == ["passed", "too slow", "too slow", "too slow"]
    assert "not tried: the tests before took more than 0 minutes altogether" in done.stdout


COUNTING = """
import builtins
builtins.served = getattr(builtins, "served", 0) + 1

def add(a: int, b: int) -> int:
    if isinstance(a, str):
        raise TypeError("text cannot be added")
    return a + b if a else shout("")

def shout(name: str) -> str:
    raise LookupError(f"tests served: {builtins.served}")
"""


def test_a_worker_serves_the_next_test_if_both_only_call_and_the_first_has_passed(tmp_path):
    try:
        bubblewrap()
    except Unavailable as error:
        pytest.skip(str(error))
    course = toy.course(tmp_path / "course")
    tests = course / "grader/week1/exercises/toy/test_toy.py"
    text = tests.read_text(encoding="utf-8")
    tests.write_text(text.replace("refused(student)", "refused(student, tmp_path)"), encoding="utf-8")
    toy.answer(course, COUNTING)
    done = toy.pytest(course, "week1", "--apart", "--jail=bubblewrap", f"--results={tmp_path / 'r.json'}")
    messages = [test["message"] for test in json.loads((tmp_path / "r.json").read_text())["tests"]]
    assert outcomes(tmp_path / "r.json") == ["passed", "passed", "failed", "failed"], done.stdout
    assert "tests served: 2" in messages[2], "the first test's worker, not that of the second: it had a folder"
    assert "tests served: 1" in messages[3], "the test before has failed"


def test_workers_share_the_tests_and_a_worker_that_ends_costs_its_test_only(shared, tmp_path):
    ending = SOLUTION.replace("return name.upper()", "import os\n    os.kill(os.getpid(), 9)")
    toy.write(tmp_path / ID, ending)
    done = toy.pytest(shared, "week1", "-n", "2", f"--answers={tmp_path}", f"--results={tmp_path / 'r.json'}")
    assert done.returncode == 1
    assert outcomes(tmp_path / "r.json") == ["passed", "passed", "passed", "crashed"]


def test_a_call_that_ends_the_run_is_told_with_what_was_graded_so_far(shared, tmp_path):
    toy.write(tmp_path / ID, SOLUTION.replace("return name.upper()", "import os\n    os.kill(os.getpid(), 9)"))
    done = toy.pytest(shared, "week1", f"--answers={tmp_path}")
    assert "the code under 'names are upper case' ended the whole run" in done.stdout
    assert "passed      numbers are added" in done.stdout
    assert "50 points until then" in done.stdout


def test_a_call_that_no_exception_reaches_ends_the_run_with_its_line(hanging):
    out, _ = hanging.communicate()
    assert hanging.returncode != 0
    line = LOOPING.splitlines().index("    return sum(itertools.count())") + 1
    assert "the code under 'names are upper case' would not stop" in out
    assert f"{ID}:{line} in shout" in out
    assert "50 points until then" in out


@pytest.mark.skipif(os.name != "posix", reason="an answer apart needs Linux or macOS")
def test_a_test_that_hangs_in_a_step_of_c_ends_the_run_and_earns_nothing(tmp_path):
    """Python's signals wait for the step; the process is ended from a thread that does not."""
    root = toy.course(tmp_path / "course")
    toy.answer(root, toy.SOLUTION)
    course = root / "grader/course.py"
    course.write_text(course.read_text().replace("LONGEST, GRACE = 90.0, 30.0", "LONGEST, GRACE = 0.5, 0.5"))
    tests = root / "grader/week1/exercises/toy/test_toy.py"
    hangs = "    sum(range(10**12))\n    same(student.add(0, 7), 7)"
    tests.write_text(tests.read_text().replace("    same(student.add(0, 7), 7)", hangs))
    done = toy.pytest(root, "week1", "--apart", "--results=results.json")
    assert done.returncode not in (0, 6)
    assert "test_nothing_changes_nothing" in done.stderr
    assert not (root / "results.json").exists()
