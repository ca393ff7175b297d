"""Toy exercises, answers and a whole toy course: what the tests of the grader work on."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import grader
from grader.deadline import Deadlines
from grader.exercise import Exercise
from grader.inprocess import InProcess
from grader.manifest import Rule
from grader.run import Run
from grader.student import Student

ID = "week1/exercises/toy.py"
GRADER = Path(grader.__file__).parent


def write(path: Path, text: str) -> Path:
    """Writes a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text).lstrip("\n"), encoding="utf-8", newline="\n")
    return path


def unwritten(answer: str) -> str:
    """The stub that goes with an answer: every body is still to be written; records and exceptions stay."""
    tree = ast.parse(dedent(answer))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            node.body = ast.parse(f"raise NotImplementedError('{ID}: {node.name}')").body
        elif isinstance(node, ast.FunctionDef):  # a static method or a property
            node.body = ast.parse("raise NotImplementedError").body
    return ast.unparse(tree)


def exercise(root: Path, answer: str, stub: str | None = None, id: str = ID) -> Exercise:
    """An exercise under `root` with this answer in the student's file."""
    made = Exercise(root, id)
    write(made.stub, unwritten(answer) if stub is None else stub)
    write(made.delivered, answer)
    return made


def student(root: Path, answer: str, stub: str | None = None, deadline: float = 5.0) -> Student:
    """The answer as a hidden test sees it."""
    rule = Rule("test_toy", "f", 1, "", deadline, ("student",))
    return Run(InProcess(root, Deadlines())).student(exercise(root, answer, stub), rule)


TESTS = '''
import pytest

from grader.expect import raises, same


@pytest.mark.points(35, of="add")
@pytest.mark.deadline(0.5)
def test_numbers_are_added(student, rng):
    """A sum that is wrong is worse than none."""
    a, b = rng.randrange(1, 100), rng.randrange(1, 100)
    same(student.add(a, b), a + b, what="the sum")


@pytest.mark.points(10, of="add")
@pytest.mark.deadline(0.5)
def test_text_is_refused(student):
    """Text that looks like a number is the beginning of every wrong report."""
    with raises(TypeError, ["text"]):
        student.add("1", 2)
    same(student.add(2, 2), 4)


@pytest.mark.points(5, of="add")
@pytest.mark.deadline(0.5)
def test_nothing_changes_nothing(student):
    """Days without an order are days too."""
    same(student.add(0, 7), 7)


@pytest.mark.points(50, of="shout")
@pytest.mark.deadline(0.5)
def test_names_are_upper_case(student):
    """A form without capitals is hard to read aloud."""
    same(student.shout("hà nội"), "HÀ NỘI")
'''

STUB = f'''
"""Week 1 · Toy: numbers and names.

Run: pytest {ID}
"""


def add(a: int, b: int) -> int:
    """The sum. Raises TypeError naming `text` if one of them is text."""
    raise NotImplementedError("{ID}: add")


def shout(name: str) -> str:
    """The name in capitals."""
    raise NotImplementedError("{ID}: shout")
'''

SOLUTION = '''
"""Toy: a solution to learn from."""


def add(a: int, b: int) -> int:
    if isinstance(a, str) or isinstance(b, str):
        raise TypeError("text cannot be added")
    return a + b


def shout(name: str) -> str:
    return name.upper()
'''

SYLLABUS = f"""
| `{ID}` | toys | none | ready |
| `week2/exercises/later.py` | more toys | none | coming |
"""

HINTS = """
# Toy

## add

1. Nudge.
2. Idea.
3. Nearly there.

## shout

1. Louder.
2. Much louder.
3. `str` has a method for it.
"""

WRONG = {
    "forgets_b.py": '''
"""Forgets the second number.

Caught by: test_numbers_are_added, test_nothing_changes_nothing, test_text_is_refused
"""


def add(a, b):
    return a
''',
    "whispers.py": '''
"""Makes it small.

Caught by: test_names_are_upper_case
"""


def shout(name):
    return name.lower()
''',
}


def course(root: Path) -> Path:
    """A course of its own at `root`, with the grader and one sound exercise, where any test may break what it likes."""
    leave_out = shutil.ignore_patterns("week*", "final_project", "tests")
    shutil.copytree(GRADER, root / "grader", ignore=leave_out)
    for name in ("pyproject.toml", "docker-compose.yml"):
        shutil.copy(GRADER.parent / name, root)
    write(root / "syllabus.md", SYLLABUS)
    made = Exercise(root, ID)
    for path, text in {made.stub: STUB, made.tests: TESTS, made.solution: SOLUTION, made.hints: HINTS}.items():
        write(path, text)
    for name, text in WRONG.items():
        write(made.folder / "wrong" / name, text)
    shutil.copy(made.stub, write(made.delivered, ""))
    return root


def environment(root: Path, **more: str) -> dict[str, str]:
    """The environment of a user of the toy course, without what this run of pytest has put there."""
    ours = ("PYTEST_", "COV_", "UV_", "PYTHONIOENCODING", "FORCE_COLOR", "PY_COLORS", "NO_COLOR", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(root), "PYTHONUTF8": "1", **more}


def answer(root: Path, text: str) -> None:
    """Puts this answer into the student's file of the toy course."""
    write(root / ID, text)


def begin(root: Path, *arguments: str, folder: str = "", **environ: str) -> subprocess.Popen[str]:
    """`pytest …` as a user of the toy course types it, in `folder`."""
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=root / folder,
        env=environment(root, **environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )


def pytest(root: Path, *arguments: str, folder: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """The same to its end."""
    process = begin(root, *arguments, folder=folder, **environ)
    out, err = process.communicate()
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def wait_until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Fails with AssertionError if it does not become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
