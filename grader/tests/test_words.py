"""Words for the terminal."""

import io

import pytest

from grader.words import ASCII, UNICODE, command, marks, plural


def stream(encoding):
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


@pytest.mark.parametrize(
    ("encoding", "expected"), [("utf-8", UNICODE), ("cp1252", ASCII), ("ascii", ASCII), ("cp437", ASCII)]
)
def test_marks_are_those_that_the_console_can_show(encoding, expected):
    assert marks(stream(encoding)) == expected


def test_a_stream_without_an_encoding_gets_plain_marks():
    assert marks(io.StringIO()) == ASCII


def test_both_kinds_of_marks_have_the_same_names_and_one_character_each():
    assert ASCII.keys() == UNICODE.keys()
    assert all(len(mark) == 1 for mark in [*ASCII.values(), *UNICODE.values()])
    "".join(ASCII.values()).encode("ascii")


def test_commands_begin_as_this_user_began(monkeypatch):
    monkeypatch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)
    assert command("pytest week1") == "pytest week1"
    monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
    assert command("pytest week1") == "uv run pytest week1"


def test_one_is_no_plural():
    assert [plural(number, "test") for number in (0, 1, 2)] == ["0 tests", "1 test", "2 tests"]
