"""What an exercise is on disk: put grader/ before the stub's path and drop .py."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PARTS = re.compile(r"week[1-9]\d*|final_project")


@dataclass(frozen=True, order=True)
class Exercise:
    """One exercise of the course at `root`; `id` is the stub's path, such as week1/exercises/etl_basic.py."""

    root: Path
    id: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.id).stem

    @property
    def part(self) -> str:
        """week1 … week7 or final_project."""
        return PurePosixPath(self.id).parts[0]

    @property
    def folder(self) -> Path:
        return self.root / "grader" / PurePosixPath(self.id).with_suffix("")

    @property
    def tests(self) -> Path:
        return self.folder / f"test_{self.name}.py"

    @property
    def stub(self) -> Path:
        """The stub as delivered; a student's edits never change it."""
        return self.folder / "stub.py"

    @property
    def delivered(self) -> Path:
        """The file of the repository that students edit."""
        return self.root / self.id

    @property
    def solution(self) -> Path:
        return self.folder / "solution.py"

    @property
    def hints(self) -> Path:
        return self.folder / "README.md"

    def answers(self, kind: str) -> list[Path]:
        """The files of the folder `wrong` or `right`, in order."""
        return sorted((self.folder / kind).glob("*.py"))


def find_all(root: Path) -> list[Exercise]:
    """Every exercise that has a folder in grader/, in the order of the syllabus."""
    found = [
        Exercise(root, tests.parent.relative_to(root / "grader").as_posix() + ".py")
        for part in (root / "grader").iterdir()
        if PARTS.fullmatch(part.name)
        for tests in part.rglob("test_*.py")
        if tests.stem == f"test_{tests.parent.name}"
    ]
    order = syllabus_order(root)
    return sorted(found, key=lambda e: (order.get(e.id, len(order)), e.id))


def syllabus_order(root: Path) -> dict[str, int]:
    """Each path of syllabus.md that looks like an exercise, with its place."""
    syllabus = root / "syllabus.md"
    if not syllabus.is_file():
        return {}
    paths = re.findall(r"\b((?:week\d+|final_project)/[\w/]+\.py)\b", syllabus.read_text(encoding="utf-8"))
    return {path: place for place, path in enumerate(dict.fromkeys(paths))}


class NoSuchExercise(ValueError):
    """A path of the command line that names no exercise; the text says what is missing."""


def below(root: Path, path: PurePosixPath) -> list[Exercise]:
    """The exercises that a path of the course (a week, a folder or a stub) stands for."""
    exercises = [e for e in find_all(root) if PurePosixPath(e.id) == path or path in PurePosixPath(e.id).parents]
    if exercises:
        return exercises
    if path.as_posix() in syllabus_order(root) or _is_part_of_syllabus(root, path):
        raise NoSuchExercise(f"{path}: this part of the course is still to come (see syllabus.md)")
    known = {e.id for e in find_all(root)} | {str(p) for e in find_all(root) for p in PurePosixPath(e.id).parents}
    near = difflib.get_close_matches(path.as_posix(), known - {"."}, 1, 0.7)
    tip = f" Did you mean {near[0]}?" if near else ""
    hidden = PurePosixPath("grader") / path.with_suffix("")
    raise NoSuchExercise(f"{path} has no hidden tests: {hidden} does not exist.{tip}")


def _is_part_of_syllabus(root: Path, path: PurePosixPath) -> bool:
    return any(path in PurePosixPath(known).parents for known in syllabus_order(root))
