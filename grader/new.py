"""Lays out a new exercise: everything that the path rule asks for, small and sound."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from grader.exercise import PARTS, Exercise, syllabus_order
from grader.reset import reset


class CannotLayOut(ValueError):
    """The path of the new exercise is wrong or taken; the text says how it must be."""


def lay_out(root: Path, path: PurePosixPath) -> list[Path]:
    """Writes stub, hidden test, solution, a wrong answer and hints, and a row of the syllabus; returns the files.

    Raises CannotLayOut before anything is written.
    """
    exercise = _checked(root, path)
    files = {exercise.folder / name: text.lstrip("\n") for name, text in _texts(exercise).items()}
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    reset(exercise)
    _add_to_syllabus(root, exercise)
    return [exercise.delivered, *files]


def _checked(root: Path, path: PurePosixPath) -> Exercise:
    exercise = Exercise(root, path.as_posix())
    if not PARTS.fullmatch(path.parts[0]) or path.suffix != ".py" or len(path.parts) < 3:
        raise CannotLayOut(f"{path}: a new exercise is called like week1/exercises/name.py")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
        raise CannotLayOut(f"{path}: a name is made of a-z, 0-9 and _")
    for taken in (exercise.delivered, exercise.folder):
        if taken.exists():
            raise CannotLayOut(f"{taken.relative_to(root).as_posix()} is there already")
    return exercise


def _add_to_syllabus(root: Path, exercise: Exercise) -> None:
    """A row behind the last one of the same week, unless the syllabus names the path already."""
    if exercise.id in syllabus_order(root):
        return
    syllabus = root / "syllabus.md"
    lines = syllabus.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [number for number, line in enumerate(lines) if line.startswith("|") and f"`{exercise.part}/" in line]
    at = rows[-1] + 1 if rows else len(lines)
    lines.insert(at, f"| `{exercise.id}` | what it teaches | none | coming |\n")
    syllabus.write_text("".join(lines), encoding="utf-8", newline="\n")


def _texts(exercise: Exercise) -> dict[str, str]:
    number = exercise.part.removeprefix("week")
    head = f"Week {number}" if number.isdigit() else "Final project"
    title = exercise.name.replace("_", " ")
    return {
        "stub.py": f'''
"""{head} · {title[0].upper()}{title[1:]}: one line that says what it is about.

Why Sao Mai needs it, in a few sentences.
Run: pytest {exercise.id}
"""


def total(amounts: list[int]) -> int:
    """The sum of the amounts in dong; 0 for none.

    >>> total([100_000, 50_000])
    150000
    """
    raise NotImplementedError("{exercise.id}: total")
''',
        "solution.py": f'''
"""{title[0].upper()}{title[1:]}: a solution to learn from."""


def total(amounts: list[int]) -> int:
    return sum(amounts)
''',
        f"test_{exercise.name}.py": '''
import pytest

from grader.expect import same


@pytest.mark.points(100, of="total")
def test_all_amounts_count(student, rng):
    """A sum that forgets an amount is a report that nobody believes twice."""
    for many in (2, 0, 5):
        amounts = [rng.randrange(1, 1_000) * 1_000 for _ in range(many)]
        same(student.total(amounts), sum(amounts), what=f"the total of {amounts}")
''',
        "wrong/forgets_the_last.py": '''
"""Forgets the last amount.

Caught by: test_all_amounts_count
"""


def total(amounts):
    return sum(amounts[:-1])
''',
        "README.md": f"""
# {title[0].upper()}{title[1:]}

## total

1. Say in your own words what the result is for no amounts at all.
2. One pass over the amounts is enough.
3. Python has a built-in function that adds up.
""",
    }
