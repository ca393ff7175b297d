"""The carrier `self`: which files it takes, and what a call prints."""

import os
import sys

import pytest

from grader.deadline import Deadlines
from grader.inprocess import MOST_BYTES, MOST_PRINTED, InProcess
from grader.student import StudentError
from grader.tests import toy


def survey(root, answer="def f():\n    return 1\n"):
    made = toy.exercise(root, answer)
    return made, InProcess(root, Deadlines())


# files


def test_an_answer_is_read_once_a_run_and_never_run_for_that(tmp_path):
    made, carrier = survey(tmp_path, "raise SystemExit\n\ndef f():\n    raise NotImplementedError\n")
    found = carrier.survey(made)
    assert found.unloadable == ""
    assert found.unwritten == {"f": 3}
    assert found.lines == {"f": 3}
    toy.write(made.delivered, "def f(): pass\n")
    assert carrier.survey(made) is found


def test_answers_may_lie_elsewhere(tmp_path):
    made, _ = survey(tmp_path / "course")
    toy.write(tmp_path / "answers" / made.id, "def f():\n    return 'elsewhere'\n")
    run = toy.Run(InProcess(tmp_path / "answers", Deadlines()))
    assert run.student(made, toy.Rule("t", "f", 1, "", 5.0, ())).f() == "elsewhere"


def test_a_missing_file_says_how_to_get_the_stub_back(tmp_path):
    made, carrier = survey(tmp_path)
    made.delivered.unlink()
    assert carrier.survey(made).unloadable.startswith(f"{made.id}: the file is missing; `grade reset`")


def test_a_file_that_is_too_big_a_folder_or_a_link_is_refused(tmp_path):
    made, _ = survey(tmp_path)
    made.delivered.write_bytes(b"#" * MOST_BYTES)
    assert unloadable(made) == ""
    made.delivered.write_bytes(b"#" * (MOST_BYTES + 1))
    assert unloadable(made).startswith(f"{made.id}: 1,048,577 bytes are too many")
    made.delivered.rename(tmp_path / "elsewhere.py")
    made.delivered.mkdir()
    assert unloadable(made) == f"{made.id}: this is no regular file"
    made.delivered.rmdir()
    made.delivered.symlink_to(tmp_path / "elsewhere.py")
    assert unloadable(made) == f"{made.id}: this is a link"


def test_a_folder_on_the_way_that_is_a_link_is_refused(tmp_path):
    made, _ = survey(tmp_path)
    made.delivered.parent.rename(tmp_path / "elsewhere")
    made.delivered.parent.symlink_to(tmp_path / "elsewhere")
    assert unloadable(made) == f"{made.id}: this is a link"


def unloadable(exercise):
    return InProcess(exercise.root, Deadlines()).survey(exercise).unloadable


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX")
def test_a_pipe_is_refused_at_once(tmp_path):
    made, carrier = survey(tmp_path)
    made.delivered.unlink()
    os.mkfifo(made.delivered)
    assert "no regular file" in carrier.survey(made).unloadable


def test_another_exercise_of_the_folder_cannot_be_imported_but_a_library_of_its_name_can(tmp_path):
    for stub, refused in (("def f(): pass\n", True), ("import json\ndef f(): pass\n", False)):
        root = tmp_path / str(refused)
        toy.write(root / "week1/exercises/json.py", "")
        made = toy.exercise(root, "import json\ndef f():\n    return json.dumps(1)\n", stub)
        assert ("imports json" in InProcess(root, Deadlines()).survey(made).unloadable) is refused


def test_the_module_does_not_stay_among_the_modules(tmp_path):
    answer = "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    a: int\n"
    student = toy.student(tmp_path, f"{answer}def f() -> A:\n    return A(1)\n")
    assert student.f() == student.A(1)
    assert "toy" not in sys.modules


def test_a_module_of_the_same_name_is_put_back(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "toy", toy)
    toy.student(tmp_path, "def f():\n    return 1\n").f()
    assert sys.modules["toy"] is toy


def test_an_answer_that_ends_the_process_ends_its_call_only(tmp_path):
    before = os._exit
    student = toy.student(tmp_path, "import os\ndef f():\n    os._exit(0)\n")
    with pytest.raises(StudentError) as caught:
        student.f()
    assert (caught.value.student.kind, caught.value.student.text) == ("SystemExit", "os._exit(0)")
    assert os._exit is before


# prints

PRINTING = """
import sys

def f(text, many=1):
    for _ in range(many):
        print(text)
    print("to the other stream", file=sys.stderr)
    sys.stdout.flush()
    return sys.stdout.isatty()

def g():
    return None

def fails():
    print("before")
    raise ValueError("x")

def redirects():
    import io
    print("seen")
    sys.stdout = io.StringIO()
    print("not seen")
    return None

def rows():
    print("one")
    yield 1
    print("two")
    yield 2
"""


@pytest.fixture
def student(tmp_path):
    return toy.student(tmp_path, PRINTING)


def test_what_a_call_prints_is_kept_with_the_call_and_printed_as_well(student, capsys):
    student.f("hello")
    student.g()
    assert [call.printed for call in student._calls] == ["hello\nto the other stream\n", ""]
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("hello\n", "to the other stream\n")


def test_what_was_printed_before_an_error_is_kept(student):
    with pytest.raises(ValueError, match="x"):
        student.fails()
    assert student._calls[-1].printed == "before\n"


def test_only_the_beginning_of_much_output_is_kept(student):
    student.f("x" * 100, many=1000)
    student.f("y" * 1_000_000)
    for call in student._calls:
        assert 0 < len(call.printed) <= 2 * MOST_PRINTED


def test_streams_that_student_code_replaces_are_ours_again_after_the_call(student):
    before = sys.stdout, sys.stderr
    student.redirects()
    assert (sys.stdout, sys.stderr) == before
    student.f("again")
    assert student._calls[-1].printed.startswith("again\n")


def test_prints_of_an_iterator_do_not_get_lost(student, capsys):
    assert list(student.rows()) == [1, 2]
    assert capsys.readouterr().out == "one\ntwo\n"
