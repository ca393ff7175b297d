"""The carrier `self`: the student's file in this process, so that debugger, print and coverage work."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO

from grader.answer import Answer
from grader.deadline import Deadlines
from grader.declared import read_stub
from grader.exercise import Exercise
from grader.leftovers import ask_here
from grader.peer import Exchange
from grader.regular import read_regular
from grader.service import Handle
from grader.source import Source, parse

MOST_BYTES = 1024 * 1024
MOST_PRINTED = 4000


def read_answer(answers: Path, exercise: Exercise) -> bytes:
    """The bytes of a student's file; ValueError with a sentence if it is missing, no regular file, or too big."""
    try:
        return read_regular(answers / exercise.id, MOST_BYTES, answers)
    except FileNotFoundError:
        raise ValueError(f"{exercise.id}: the file is missing; `grade reset` gives the stub back") from None
    except OSError as error:
        raise ValueError(f"{exercise.id}: {error.strerror or error}") from None


def siblings(exercise: Exercise) -> set[str]:
    """Names that an answer cannot import: the other exercises of its folder."""
    return {path.stem for path in exercise.delivered.parent.glob("*.py")} - set(read_stub(exercise.stub).modules)


def names(exercise: Exercise) -> dict[str, Any]:
    """What the stub declares, as plain data for the student's side."""
    declared = read_stub(exercise.stub)
    return {
        "records": {name: list(fields) for name, fields in declared.records.items()},
        "classes": list(declared.classes),
        "exceptions": list(declared.exceptions),
        "modules": list(declared.modules),
    }


class InProcess:
    """Opens lines to the student's files under `answers`. One per run; every test gets a fresh module."""

    level = "self"
    jail = ""
    closed = False

    def __init__(self, answers: Path, deadlines: Deadlines) -> None:
        self.answers = answers
        self.deadlines = deadlines
        self._sources: dict[str, Source] = {}

    def survey(self, exercise: Exercise) -> Source:
        if exercise.id not in self._sources:
            path = self.answers / exercise.id
            try:
                source = parse(read_answer(self.answers, exercise), exercise.id, os.fspath(path), siblings(exercise))
            except ValueError as error:
                source = Source(unloadable=str(error))
            self._sources[exercise.id] = source
        return self._sources[exercise.id]

    def sqlite_reader(self, folder: Path) -> AbstractContextManager[Callable[..., Any]]:
        return contextlib.nullcontext(ask_here)

    def spent(self, exercise: Exercise) -> float:
        """Not counted: who waits at home ends it when it is enough."""
        return 0.0

    def close(self) -> None:
        """Nothing to end; modules go with their last reference."""

    def open(
        self,
        exercise: Exercise,
        serve: Exchange,
        folder: Path | None = None,
        given: Path | None = None,
        lanes: Sequence[Handle] = (),
    ) -> Line:
        """A line to a fresh module of the student's file; `serve` answers what it asks."""
        code = self.survey(exercise).code
        assert code is not None
        for module in read_stub(exercise.stub).modules:  # so that no deadline counts the import of pandas
            importlib.import_module(module)
        return Line(Answer(serve, code, os.fspath(self.answers / exercise.id), names(exercise)), self.deadlines.limit)


@dataclass
class Line:
    """A conversation with a module of this process."""

    answer: Answer
    limit: Callable[[float], AbstractContextManager[None]]
    printed: str = ""

    def exchange(self, request: bytes, deadline: float) -> bytes:
        with self.limit(deadline), self._captured():
            return self.answer.answer(request)

    @contextlib.contextmanager
    def _captured(self) -> Iterator[None]:
        """Keeps the beginning of what the call prints, and still prints it."""
        kept = io.StringIO()
        out, err, end = sys.stdout, sys.stderr, os._exit
        sys.stdout, sys.stderr = Tee(out, kept), Tee(err, kept)
        os._exit = _exit_of_an_answer(os.getpid(), end)  # type: ignore[assignment]
        try:
            yield
        finally:
            os._exit = end
            sys.stdout, sys.stderr = out, err  # whatever student code has put there
            self.printed = kept.getvalue()

    def raise_here(self, error: Exception) -> Exception:
        return error.with_traceback(self.answer.traceback)

    def close(self) -> None:
        """Nothing to end: the module goes with its last reference."""


def _exit_of_an_answer(process: int, really: Callable[[int], NoReturn]) -> Callable[[int], None]:
    """In place of os._exit: it would end the whole run, and with 0 even as if all were well."""

    def leave(status: int) -> None:
        if os.getpid() != process:  # a child that the answer forked
            really(status)
        raise SystemExit(f"os._exit({status})")

    return leave


class Tee:
    """Writes on, and keeps the beginning."""

    def __init__(self, stream: TextIO, kept: io.StringIO) -> None:
        self._stream, self._kept = stream, kept

    def write(self, text: str) -> int:
        if self._kept.tell() < MOST_PRINTED:
            self._kept.write(text[:MOST_PRINTED])
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
