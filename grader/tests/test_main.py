"""The command `grade`: parses, calls, prints."""

import pytest

from grader.__main__ import main
from grader.exercise import Exercise
from grader.tests import toy


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.__main__.ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    made = Exercise(tmp_path, toy.ID)
    toy.write(made.stub, toy.STUB)
    toy.write(made.tests, toy.TESTS)
    toy.write(made.delivered, toy.SOLUTION)
    toy.write(tmp_path / "syllabus.md", toy.SYLLABUS)
    return made


def said(capsys, *arguments):
    code = main([*arguments])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_reset_gives_the_stub_back_and_says_what_became_of_the_answer(course, capsys):
    assert said(capsys, "reset", toy.ID) == (0, f"{toy.ID} is the stub again; what was there is now toy.py.bak\n")
    assert said(capsys, "reset", toy.ID) == (0, f"{toy.ID} is the stub again\n")
    assert course.delivered.read_bytes() == course.stub.read_bytes()


def test_a_whole_week_can_be_reset_from_inside_of_it(course, capsys, monkeypatch):
    monkeypatch.chdir(course.root / "week1")
    assert said(capsys, "reset", ".")[0] == 0
    assert course.delivered.read_bytes() == course.stub.read_bytes()


def test_new_lays_out_an_exercise_and_tells_the_next_command(course, capsys):
    code, text = said(capsys, "new", "week1/exercises/late.py")
    assert code == 0
    assert "week1/exercises/late.py\n" in text
    assert "grade check week1/exercises/late.py" in text
    assert Exercise(course.root, "week1/exercises/late.py").tests.is_file()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["reset", "week1/exercises/tyo.py"], "Did you mean week1/exercises/toy.py?"),
        (["reset", "week2"], "still to come"),
        (["reset", ".."], "is not inside the course at"),
        (["check", "--jobs", "0"], "--jobs 0: at least 1"),
        (["check", "week9"], "week9 has no hidden tests"),
        (["new", toy.ID], "is there already"),
        (["new", "Late.py"], "is called like week1/exercises/name.py"),
        (["data", "week1", "--scale", "0"], "--scale 0: at least 1"),
        (["data", "week99"], "week99"),
        (["bench", "nothing"], "no benchmark nothing; there are"),
    ],
)
def test_a_wrong_argument_is_one_sentence_and_exit_code_2(course, capsys, arguments, why):
    code, text = said(capsys, *arguments)
    assert code == 2
    assert text.startswith("grade: ")
    assert why in text
    assert course.delivered.read_bytes() != course.stub.read_bytes()


def test_an_unknown_command_is_refused(course, capsys):
    for arguments in (["chek"], [], ["check", "--nothing"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    assert "usage: grade" in capsys.readouterr().err
