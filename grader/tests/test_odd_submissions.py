"""What may lie where a student's file should: links, pipes, folders, 100 MB, and text that breaks parsers."""

import os
import socket
import time

import pytest

from grader.apart import Apart
from grader.jail import Unavailable, bubblewrap, rlimits
from grader.manifest import Rule
from grader.run import Run
from grader.student import Unloadable
from grader.tests import toy
from grader.zygote import Zygote

SOUND = b"def f() -> int:\n    return 7\n"


def link(path):
    path.with_name("other.py").write_bytes(SOUND)
    path.symlink_to(path.with_name("other.py"))


def bound(path):
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


def sparse(path):
    path.touch()
    os.truncate(path, 100 << 20)


SHAPES = {
    "a link": (link, "link"),
    "a link to nowhere": (lambda path: path.symlink_to("/nowhere"), "link"),
    "a link to itself": (lambda path: path.symlink_to(path), "link"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "link"),
    "a pipe": (os.mkfifo, "no regular file"),
    "a folder": (lambda path: path.mkdir(), "no regular file"),
    "a socket": (bound, ""),
    "100 MB": (sparse, "bytes are too many"),
}
TEXTS = {
    "NUL": b"\0" * 100,
    "NUL within": SOUND + b"x = '\0'\n",
    "not UTF-8": b"x = '\xff\xfe\x80'\n",
    "UTF-16": SOUND.decode().encode("utf-16"),
    "a coding nobody knows": b"# -*- coding: no-such -*-\n",
    "a coding that is none": b"# -*- coding: hex -*-\n78\n",
    "parentheses": b"(" * 500_000,
    "closed parentheses": b"x = " + b"(" * 5000 + b")" * 5000,
    "brackets": b"x = " + b"[" * 150 + b"]" * 150 + b"\n" + b"[" * 90_000,
    "minus signs": b"x = " + b"-" * 500_000 + b"1",
    "attributes": b"x = a" + b".a" * 300_000,
    "sums": b"x = 1" + b"+1" * 400_000,
    "comparisons": b"x = " + b"not " * 200_000 + b"1",
    "calls": b"x = a" + b"()" * 400_000,
    "else": b"if 1: pass\n" + b"elif 1: pass\n" * 60_000,
    "indents": b"".join(b" " * n + b"if 1:\n" for n in range(300)),
    "lambdas": b"x = " + b"lambda:" * 100_000 + b"1",
    "strings in strings": b'x = f"' + b'{f"' * 50_000,
    "a number": b"x = " + b"9" * 900_000,
    "powers": b"x = 9" + b"**9" * 5000 + b"\n" + b"y = 'a' * 10**10 * 10**10\nz = (1,) * 10**12\n",
    "decorators": b"@a\n" * 200_000 + SOUND,
}


@pytest.fixture(scope="module")
def zygote():
    try:
        zygote = Zygote(bubblewrap(), [])
    except Unavailable:
        zygote = Zygote(rlimits(), [])
    yield zygote
    zygote.close()


def outcome(root, zygote):
    """What a test hears that calls f, and how long it took."""
    exercise = toy.Exercise(root, toy.ID)
    run = Run(Apart(root, zygote))
    started = time.monotonic()
    try:
        student = run.student(exercise, Rule("test_toy", "f", 1, "", 5.0, ()))
        try:
            return student.f(), time.monotonic() - started
        except Unloadable as error:
            return str(error), time.monotonic() - started
        finally:
            student._side.end()
    finally:
        run.carrier.close()


@pytest.fixture
def root(tmp_path):
    toy.exercise(tmp_path, SOUND.decode()).delivered.unlink()
    return tmp_path


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_no_file_is_not_opened(root, zygote, shape, monkeypatch):
    monkeypatch.chdir(root)
    make, why = SHAPES[shape]
    make(root / toy.ID)
    said, seconds = outcome(root, zygote)
    assert said.startswith(toy.ID)
    assert why in said
    assert seconds < 5


@pytest.mark.parametrize("text", TEXTS)
def test_text_that_breaks_a_parser_breaks_the_worker_at_most(root, zygote, text):
    (root / toy.ID).write_bytes(TEXTS[text])
    said, seconds = outcome(root, zygote)
    assert str(said).startswith(toy.ID)
    assert seconds < 30
    (root / toy.ID).write_bytes(SOUND)
    assert outcome(root, zygote)[0] == 7
