"""A student's file as text: what is said about one that cannot be used."""

import warnings

import pytest

from grader.source import parse

ID = "week1/exercises/toy.py"


def parsed(source, siblings=()):
    text = source if isinstance(source, bytes) else source.encode()
    return parse(text, ID, f"/somewhere/{ID}", siblings)


def test_code_comes_with_the_lines_of_its_definitions_and_what_is_unwritten():
    found = parsed("import os\n\ndef f():\n    raise NotImplementedError\n\nclass A:\n    pass\n")
    assert found.unloadable == ""
    assert found.unwritten == {"f": 3}
    assert found.lines == {"f": 3, "A": 6}
    assert found.code.co_filename.endswith(ID)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(:\n    pass\n", f"{ID}:1: SyntaxError: invalid syntax\n    def f(:\n          ^"),
        ("x = 1\n    y = (2\n", f"{ID}:2: IndentationError: unexpected indent"),
        ("return 1\n", f"{ID}:1: SyntaxError: 'return' outside function"),
        ("x = '\0'\n", f"{ID}"),
        (b"x = '\xff'\n", f"{ID}:1: SyntaxError"),
        (b"# coding: nonsense\n", f"{ID}:1: SyntaxError"),
        ("(" * 500 + ")" * 500, f"{ID}"),
        ("x = " + "-" * 100_000 + "1\n", f"{ID}"),
    ],
)
def test_a_file_that_is_no_python_is_a_sentence_with_the_line(source, said):
    found = parsed(source)
    assert found.unloadable.startswith(said)
    assert "/somewhere/" not in found.unloadable


@pytest.mark.parametrize(
    "source",
    ["import week2.exercises.x", "from week1 import y", "import final_project", "import grader.codec", "import other"],
)
def test_another_file_of_the_course_cannot_be_imported(source):
    assert "an answer is one file" in parsed(source, {"other"}).unloadable
    assert "an answer is one file" in parsed(f"def f():\n    {source}\n", {"other"}).unloadable


@pytest.mark.parametrize("source", ["import weekly", "import json", "import graders", "weekday = 1", "'import grader'"])
def test_everything_else_can_be_imported(source):
    assert parsed(source, {"other"}).unloadable == ""


def test_a_file_with_the_mark_of_windows_and_its_line_ends_is_python():
    found = parsed(b"\xef\xbb\xbfdef f():\r\n    return 1\r\n")
    assert (found.unloadable, found.lines) == ("", {"f": 1})


def test_a_backslash_that_python_warns_of_is_no_error():
    with warnings.catch_warnings(action="ignore"):
        assert parsed(r"x = '\d'").unloadable == ""
