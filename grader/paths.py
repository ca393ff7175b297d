"""From the command line to hidden tests: week1/exercises/x.py, ::test_y or ::function -> grader/week1/…"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.exercise import PARTS, Exercise, NoSuchExercise, below, find_all
from grader.manifest import rules


@dataclass(frozen=True)
class Selected:
    """An exercise, and the one test of it that was asked for; "" for all."""

    exercise: Exercise
    test: str = ""

    @property
    def argument(self) -> str:
        return f"{self.exercise.tests}::{self.test}" if self.test else str(self.exercise.tests)


def select(root: Path, arguments: list[str], cwd: Path) -> list[Selected]:
    """What the arguments stand for; nothing if none of them is about the course.

    Raises NoSuchExercise for a path or test that does not exist, and for a mix of exercises and other tests.
    """
    if not arguments and (inside := _course_path(root, cwd)) is not None:
        arguments = ["."] if inside.parts else []
    found = [(argument, _select_one(root, argument, cwd)) for argument in arguments]
    other = [argument for argument, selected in found if selected is None]
    chosen = [one for _, selected in found for one in selected or []]
    if chosen and other:
        raise NoSuchExercise(f"{other[0]} is no part of the course: run exercises and other tests in two commands")
    whole = {one.exercise for one in chosen if not one.test}
    return list(dict.fromkeys(one for one in chosen if not one.test or one.exercise not in whole))


def _course_path(root: Path, path: Path) -> PurePosixPath | None:
    """`path` as seen from the root if it is a part of the course, as itself or as its folder in grader/."""
    try:
        relative = PurePosixPath(path.resolve().relative_to(root.resolve()).as_posix())
    except ValueError:
        return None
    parts = relative.parts
    if len(parts) > 1 and parts[0] == "grader" and PARTS.fullmatch(parts[1]):
        relative = PurePosixPath(*parts[1:])
        if relative.name.startswith("test_") and relative.suffix == ".py":
            return relative.parent.with_suffix(".py")
        return relative
    return relative if parts and PARTS.fullmatch(parts[0]) else None


def _select_one(root: Path, argument: str, cwd: Path) -> list[Selected] | None:
    text, _, test = argument.partition("::")
    path = _course_path(root, cwd / text)
    if path is None:
        _refuse_near_miss(root, cwd / text, argument)
        return None
    if path.suffix == "" and (exercise_path := path.with_suffix(".py")).name and _is_exercise(root, exercise_path):
        path = exercise_path
    exercises = below(root, path)
    if test:
        return [Selected(exercise, name) for exercise in exercises for name in _known_tests(exercise, test)]
    return [Selected(exercise) for exercise in exercises]


def _is_exercise(root: Path, path: PurePosixPath) -> bool:
    return Exercise(root, str(path)).tests.is_file()


def _known_tests(exercise: Exercise, name: str) -> list[str]:
    """The test of this name, or all tests of the function of this name."""
    known = rules(exercise)
    if found := [rule.name for rule in known if name in (rule.name, rule.function)]:
        return found
    near = difflib.get_close_matches(name, [each for rule in known for each in (rule.name, rule.function)], 1, 0.5)
    tip = f" Did you mean {near[0]}?" if near else f" It has {len(known)} tests: pytest {exercise.id} --co lists them."
    raise NoSuchExercise(f"{exercise.id} has no test {name!r}.{tip}")


def _refuse_near_miss(root: Path, path: Path, argument: str) -> None:
    """wek1, Week1 or week1/exercise/etl_basic.py: say what was meant instead of pytest's "not found"."""
    if path.exists():
        return
    try:
        relative = path.relative_to(root).as_posix()
    except ValueError:
        return
    known = {e.id for e in find_all(root)} | {e.part for e in find_all(root)}
    near = difflib.get_close_matches(relative.casefold(), known, 1, 0.7)
    if near:
        raise NoSuchExercise(f"{argument} does not exist. Did you mean {near[0]}?")
