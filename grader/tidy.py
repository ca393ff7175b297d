"""What must hold for the course as a whole: every path of the syllabus is there, every file has its place."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.datasets.write import files_of, write_week
from grader.exercise import PARTS, find_all, syllabus_order
from grader.seed import PUBLIC


def check(root: Path) -> Iterator[str]:
    """What is wrong, one sentence each."""
    exercises = {exercise.id for exercise in find_all(root)}
    statuses = _statuses(root)
    for path in syllabus_order(root):
        if path not in exercises and "coming" not in statuses.get(path, ""):
            yield f"syllabus.md has {path}, which does not exist and is not marked *coming*"
    for path in sorted(exercises):
        if path not in statuses:
            yield f"{path} is not in syllabus.md"
    yield from _stale_data(root)
    for part in sorted(p for p in root.iterdir() if PARTS.fullmatch(p.name)):
        for stub in sorted(part.rglob("*.py")):
            if stub.relative_to(root).as_posix() not in exercises:
                yield f"{stub.relative_to(root).as_posix()} has no folder in grader/"


def _stale_data(root: Path) -> Iterator[str]:
    """Generated files are committed; they must be what their generator writes today."""
    for data in sorted((root / "grader").glob("*/data.py")):
        week = data.parent.name
        with tempfile.TemporaryDirectory(prefix="grade-data-") as folder:
            write_week(files_of(root, week), Path(folder), PUBLIC, scale=1)
            for fresh in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
                committed = root / week / "data" / fresh.relative_to(folder)
                if not committed.is_file() or committed.read_bytes() != fresh.read_bytes():
                    yield f"{committed.relative_to(root).as_posix()} is not fresh; run: grade data {week}"


def _statuses(root: Path) -> dict[str, str]:
    """The last column of each row of the syllabus, by the row's path."""
    rows = re.findall(
        r"^\|.*?`([\w/]+\.py)`.*\|([^|]*)\|\s*$",
        (root / "syllabus.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return dict(rows)
