"""The carrier `self`: the student's file in this process, so that debugger, print and coverage work."""

from __future__ import annotations

import ast
import importlib
import os
import stat
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from grader.answer import Answer
from grader.deadline import Deadlines
from grader.declared import imported, read_stub, unwritten
from grader.exercise import Exercise
from grader.peer import Exchange

MOST_BYTES = 1024 * 1024
OURS = ("grader", "week", "final_project", "solution")


@dataclass
class File:
    """A student's file, read and parsed once; `unloadable` says why it cannot be used, file and line first."""

    path: Path
    label: str
    unwritten: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    unloadable: str = ""
    code: types.CodeType | None = None

    @classmethod
    def read(cls, path: Path, exercise: Exercise) -> File:
        file = cls(path, exercise.id)
        try:
            source = read_bytes(path)
            tree = ast.parse(source, str(path))
            file.unwritten = unwritten(tree)
            file.lines = {
                node.name: node.lineno for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
            }
            file.code = compile(tree, str(path), "exec", dont_inherit=True)
            file.unloadable = _foreign_import(tree, exercise)
        except SyntaxError as error:
            file.unloadable = f"{exercise.id}:{error.lineno or 1}: {type(error).__name__}: {error.msg}{_marked(error)}"
        except (OSError, ValueError, RecursionError, MemoryError) as error:
            file.unloadable = f"{exercise.id}: {error}"
        return file


def _marked(error: SyntaxError) -> str:
    """The line of code with a mark below the place."""
    code = (error.text or "").rstrip()
    if not code.strip():
        return ""
    return f"\n    {code.lstrip()}\n    {' ' * max((error.offset or 1) - 1 - (len(code) - len(code.lstrip())), 0)}^"


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file of at most a MiB; ValueError for anything else."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise ValueError("the file is missing; `grade reset` gives the stub back") from None
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("this is no regular file")
    if status.st_size > MOST_BYTES:
        raise ValueError(f"{status.st_size:,} bytes are too many; an answer has at most {MOST_BYTES:,}")
    return path.read_bytes()


def _foreign_import(tree: ast.Module, exercise: Exercise) -> str:
    """A stub is one file: a sentence if it imports another file of the course."""
    siblings = {p.stem for p in exercise.delivered.parent.glob("*.py")} - set(read_stub(exercise.stub).modules)
    for name in sorted(imported(tree)):
        if name in siblings or not name or name.rstrip("0123456789") in OURS:
            return f"{exercise.id} imports {name or 'relatively'}: an answer is one file and cannot import another file of the course"
    return ""


class InProcess:
    """Opens lines to the student's files under `answers`. One per run; every test gets a fresh module."""

    level = "self"

    def __init__(self, answers: Path, deadlines: Deadlines) -> None:
        self.answers = answers
        self.deadlines = deadlines
        self._files: dict[str, File] = {}

    def survey(self, exercise: Exercise) -> File:
        if exercise.id not in self._files:
            self._files[exercise.id] = File.read(self.answers / exercise.id, exercise)
        return self._files[exercise.id]

    def open(self, exercise: Exercise, serve: Exchange) -> Line:
        """A line to a fresh module of the student's file; `serve` answers what it asks."""
        file = self.survey(exercise)
        assert file.code is not None
        declared = read_stub(exercise.stub)
        for module in declared.modules:  # so that no deadline counts the import of pandas
            importlib.import_module(module)
        names = {
            "records": {name: list(fields) for name, fields in declared.records.items()},
            "classes": list(declared.classes),
            "exceptions": list(declared.exceptions),
        }
        return Line(Answer(serve, file.code, os.fspath(file.path), names), self.deadlines.limit)


@dataclass
class Line:
    """A conversation with a module of this process."""

    answer: Answer
    limit: Callable[[float], object]

    @property
    def printed(self) -> str:
        return self.answer.printed

    def exchange(self, request: bytes, deadline: float) -> bytes:
        with self.limit(deadline):  # type: ignore[attr-defined]
            return self.answer.answer(request)

    def raise_here(self, error: Exception) -> Exception:
        return error.with_traceback(self.answer.traceback)

    def close(self) -> None:
        """Nothing to end: the module goes with its last reference."""
