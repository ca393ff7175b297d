"""`grade check` finds what is not sound: planted faults in a toy exercise."""

import shutil
import subprocess
import sys

import pytest

from grader import check
from grader.exercise import Exercise
from grader.manifest import Rule
from grader.shard import Done
from grader.splice import KNOW_NOTHING, WrongAnswer
from grader.tests import toy
from grader.verdict import OUTCOMES


def grade(root, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "grader", "check", *arguments],
        cwd=root,
        env=toy.environment(root),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def made(tmp_path):
    return Exercise(toy.course(tmp_path), toy.ID)


def test_a_sound_exercise_is_sound(made):
    code, said = grade(made.root)
    assert "4 tests   solution 100 in self and apart × 3 seeds   2 wrong answers" in said
    assert said.splitlines()[-1] == "1 exercise sound"
    assert code == 0


LAW = '''


@pytest.mark.points(5, of="shout")
@pytest.mark.deadline(0.5)
def test_twice_is_once(student, seed):
    """A law alone proves nothing."""
    assert student.shout(student.shout("a")) == student.shout("a")
    assert seed != 7
'''

HEAD = '"""A mistake.\n\nCaught by: test_names_are_upper_case\n"""\n\n\n'

FAULTS = [
    "differs from its stub.py; `grade reset week1/exercises/toy.py` writes it",
    "the points of its tests add up to 105, not to 100",
    "no test gives points for twice",
    "solution.py lacks twice",
    "solution.py: shout has other parameters than the stub's",
    "README.md: ## shout needs three numbered steps; it has 2",
    "README.md: ## twice needs three numbered steps; it has 0",
    "stray file notes.txt",
    "wrong/whispers.py names test_names_are_uper_case, which does not exist; did you mean test_names_are_upper_case?",
    'self: wrong/harmless.py says "Caught by: test_names_are_upper_case", but that test is passed',
    "self: wrong/unloadable.py cannot even be loaded: week1/exercises/toy.py:",
    "self: test_twice_is_once is tripped by no wrong answer",
    "self: solution/7: test_twice_is_once is failed",
    "self: a stub whose functions all give the first argument earns 5 points: test_twice_is_once",
    "apart: right/peeks.py: test_names_are_upper_case is failed",
    "right/peeks.py: test_names_are_upper_case is passed in self and failed apart",
    "s for a call; a deadline of 0.5 s is short",
]


def test_every_planted_fault_is_found(made):
    edit(made.stub, "def shout", "def twice(n: int) -> int:\n    return 2 * n\n\n\ndef shout")
    made.tests.write_text(made.tests.read_text(encoding="utf-8") + LAW, encoding="utf-8")
    edit(made.solution, "(name: str)", "(text: str)")
    edit(made.solution, "return name.upper()", "return text.upper()")
    edit(made.solution, "    return a + b", "    for _ in range(6_000_000):\n        pass\n    return a + b")
    edit(made.hints, "3. `str` has a method for it.\n", "")
    toy.write(made.folder / "notes.txt", "")
    edit(made.folder / "wrong/whispers.py", "upper_case", "uper_case")
    toy.write(made.folder / "wrong/harmless.py", HEAD + "def shout(name):\n    return name.upper()\n")
    toy.write(made.folder / "wrong/unloadable.py", HEAD + "def shout(name=nowhere):\n    return name\n")
    toy.write(made.folder / "right/peeks.py", toy.SOLUTION)
    edit(made.folder / "right/peeks.py", "name.upper()", "name.upper() * ('pytest' in __import__('sys').modules)")
    code, said = grade(made.root, toy.ID)
    assert code == 1
    assert [fault for fault in FAULTS if fault not in said] == []
    assert "forgets_b" not in said
    assert said.endswith("1 exercise not sound\n")


def test_answers_whose_process_ended_are_told_by_name(made, monkeypatch):
    monkeypatch.setattr(check, "run_jobs", lambda exercise, jobs: ({}, " (exit code 3)"))
    assert check.check(made).problems == ["stub gave no result in self: its process ended (exit code 3)"]


# what cannot even be run


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("test_toy.py", "def test_x(student):\n    pass\n", "BrokenTests: test_toy.py:1: test_x needs"),
        ("test_toy.py", "def test_x(:\n", "SyntaxError"),
        ("wrong/bad.py", "def shout(name):\n    return 1\n", "BrokenAnswer: bad.py: the docstring must name"),
        ("wrong/bad.py", HEAD + "def sing(name):\n    return 1\n", "BrokenAnswer: bad.py:7: defines sing"),
        ("solution.py", "def shout(:\n", "SyntaxError"),
        ("solution.py", None, "FileNotFoundError"),
        ("stub.py", None, "FileNotFoundError"),
    ],
)
def test_a_file_that_is_missing_or_broken_is_a_finding(made, file, text, why):
    if text is None:
        (made.folder / file).unlink()
    else:
        toy.write(made.folder / file, text)
    finding = check.check(made)
    assert not finding.sound
    assert why in finding.problems[-1]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("Week 1 · Toy", "Toy", "its docstring must begin with `Week N"),
        (f"Run: pytest {toy.ID}", "", f"its docstring must say `Run: pytest {toy.ID}`"),
    ],
)
def test_a_stub_must_say_where_it_belongs(made, old, new, why):
    edit(made.stub, old, new)
    shutil.copy(made.stub, made.delivered)
    assert any(why in problem for problem in check.on_paper(made, check.rules(made)))


def test_a_stub_that_was_not_delivered_is_found(made):
    made.delivered.unlink()
    assert f"{toy.ID} is missing; `grade reset {toy.ID}` writes it" in list(check.on_paper(made, check.rules(made)))


# rules, one by one

KNOWN = [Rule("test_a", "f", 2, "", 5.0, ()), Rule("test_b", "f", 98, "", 5.0, ())]


def done(name="x", slowest=None, **outcomes):
    return Done(name, outcomes, {}, slowest or {})


def wrong(name, *tests):
    return WrongAnswer(toy.Path(f"wrong/{name}.py"), "A mistake.", tests)


def test_the_untouched_stub_must_be_to_do_everywhere():
    assert list(check._stub(done(test_a="to do", test_b="to do"), KNOWN)) == []
    assert list(check._stub(done(test_a="failed"), KNOWN)) == [
        "the untouched stub: test_a is failed, not to do",
        "the untouched stub: test_b is not run, not to do",
    ]


@pytest.mark.parametrize("outcome", ["failed", "to do", "too slow", "crashed", "not graded"])
def test_only_passed_is_full_marks_for_solutions_and_right_answers(outcome):
    results = {
        "solution/7": done(test_a="passed", test_b=outcome),
        "right/r.py": done(test_a="passed"),
        "wrong/w.py": done(),
    }
    assert [line.partition("\n")[0] for line in check._full_marks(results, KNOWN)] == [
        f"solution/7: test_b is {outcome}",
        "right/r.py: test_b is not run",
    ]


def test_answers_that_know_nothing_may_earn_two_points_and_no_more():
    results = {f"nothing/{answer}": done(test_a="passed", test_b="failed") for answer in KNOW_NOTHING}
    assert list(check._nothing(results, KNOWN)) == []
    results["nothing/0"] = done(test_a="failed", test_b="passed")
    assert list(check._nothing(results, KNOWN)) == ["a stub whose functions all give 0 earns 98 points: test_b"]


@pytest.mark.parametrize(
    ("outcome", "caught"),
    [(outcome, outcome in ("failed", "too slow", "crashed")) for outcome in OUTCOMES],
)
def test_a_wrong_answer_is_caught_by_the_test_that_it_names_and_by_no_other(outcome, caught):
    results = {"wrong/w.py": done(test_a=outcome, test_b="failed")}
    found = list(check._caught(results, [wrong("w", "test_a")]))
    sentence = f'wrong/w.py says "Caught by: test_a", but that test is {outcome} (test_b fails instead)'
    assert found == ([] if caught else [sentence])
    untripped = list(check._untripped(results, [wrong("w", "test_a")], KNOWN))
    assert ("test_a is tripped by no wrong answer" in untripped) is not caught


def test_a_wrong_answer_may_name_a_test_that_did_not_run():
    assert list(check._caught({"wrong/w.py": done()}, [wrong("w", "test_a")])) == [
        'wrong/w.py says "Caught by: test_a", but that test is not run'
    ]


def test_a_deadline_leaves_ten_times_what_the_best_run_of_the_solution_needs():
    def results(*seconds):
        return {f"solution/{seed}": done(slowest={"test_a": s}) for seed, s in zip(check.SEEDS, seconds, strict=True)}

    assert list(check._deadlines(results(9.0, 0.4, 9.0), KNOWN)) == []
    (found,) = check._deadlines(results(0.6, 0.7, 0.8), KNOWN)
    assert found.startswith("test_a: the solution needs 0.60 s for a call; ")
