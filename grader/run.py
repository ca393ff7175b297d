"""What one run is given: whose answers, which seed, how they are carried. Values, never globals."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

from grader.declared import read_stub
from grader.exercise import Exercise
from grader.manifest import Rule
from grader.peer import Exchange
from grader.seed import Seed
from grader.service import Handle
from grader.student import Conversation, NotGraded, Side, Student, Survey, ToDo
from grader.words import command


class Carrier(Protocol):
    """How calls get to the student's code: in this process, or in one of its own."""

    @property
    def level(self) -> str: ...

    @property
    def answers(self) -> Path: ...

    def survey(self, exercise: Exercise) -> Survey: ...

    def spent(self, exercise: Exercise) -> float:
        """Seconds that student code took for all tests of an exercise so far."""

    @property
    def closed(self) -> bool:
        """Whether servers are at 127.0.0.1 for student code, wherever they are for us."""

    def open(
        self,
        exercise: Exercise,
        serve: Exchange,
        folder: Path | None,
        given: Path | None = None,
        lanes: Sequence[Handle] = (),
    ) -> Conversation: ...

    def sqlite_reader(self, folder: Path) -> AbstractContextManager[Callable[..., Any]]:
        """Calls functions of sqlite_reader.py on files in `folder`, as far from us as the student's code is."""

    def close(self) -> None: ...

    @property
    def jail(self) -> str: ...


@dataclass
class Run:
    """One submission under test."""

    carrier: Carrier
    seed: Seed = field(default_factory=Seed)

    def student(
        self,
        exercise: Exercise,
        rule: Rule,
        folder: Path | None = None,
        given: Path | None = None,
        lanes: Sequence[Handle] = (),
    ) -> Student:
        """The fixture for one test; its code may write to `folder`, read what is `given`, and reach its lanes."""
        side = Side(exercise, rule.deadline)
        path = self.carrier.answers / exercise.id
        survey = self.carrier.survey(exercise)
        opened = lambda serve: self.carrier.open(exercise, serve, folder, given, lanes)  # noqa: E731
        student = Student(side, exercise, survey, opened, path)
        side.student = student
        for lane in lanes:
            lane.busy, lane.brought = side.busy, self.carrier.closed
        return student

    def check_ready(self, exercise: Exercise, rule: Rule) -> None:
        """Raises ToDo or NotGraded for what is known before anything of the student's is run."""
        survey = self.carrier.survey(exercise)
        if not survey.unloadable and rule.function in survey.unwritten:
            raise ToDo(rule.function, survey.unwritten[rule.function])
        if missing := missing_modules(exercise):
            raise NotGraded(
                f"{', '.join(missing)} is not installed here. It costs no points.\n{how_to_install(missing, exercise)}"
            )


def missing_modules(exercise: Exercise) -> list[str]:
    return [name for name in read_stub(exercise.stub).modules if importlib.util.find_spec(name) is None]


def how_to_install(modules: list[str], exercise: Exercise) -> str:
    """The command that installs the extras which bring these modules."""
    extras = sorted({extra for name in modules if (extra := _extra_with(name))})
    if not extras:
        return command("pip install -e .") if command("x") == "x" else "uv sync"
    if command("x") == "x":
        return f'pip install -e ".[{",".join(extras)}]"'
    flags = " ".join(f"--extra {extra}" for extra in extras)
    return f"uv run {flags} pytest {exercise.id}"


def _extra_with(module: str) -> str:
    """The extra of this project whose requirement has the module's name."""
    for requirement in metadata.requires("python-data-engineer") or []:
        found = re.match(r"([\w.-]+).*extra == ['\"]([\w-]+)['\"]", requirement)
        if found and found[1].lower().replace("-", "_").startswith(module.lower()):
            return found[2]
    return ""
