"""Where the next test has its worker from: one that served the test before, one that was made ready, a spare one."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.codec import BrokenWire
from grader.exercise import Exercise
from grader.line import LOAD, Line, Task, fresh
from grader.student import Conversation, NotGraded
from grader.sweep import remove
from grader.wire import Closed, OutOfTime
from grader.zygote import Zygote

SPARE = 2
"""Some tests take less time than making a worker."""

FAULTS = (OutOfTime, Closed, BrokenWire, NotGraded, OSError)
"""What goes wrong ahead must not show in the test that runs."""


@dataclass(frozen=True)
class Need:
    """What a test will ask for: a worker with this answer, shown a folder to write to, one to read."""

    exercise: Exercise
    folder: bool
    given: bool
    pure: bool = False
    """Whether it only calls functions: then a worker that has served such a test will do."""


@dataclass(eq=False)
class Ready:
    """A worker that has taken an answer, or is about to; its folders are fresh and empty."""

    need: Need
    task: Task
    line: Line
    promised: bool = False
    """Whether a test has these folders."""


class Ahead:
    """Of one carrier: `zygote` says where workers for an exercise come from, `task` what they are told."""

    def __init__(
        self, zygote: Callable[[Exercise], Zygote], task: Callable[[Exercise, Path | None, Path | None], Task]
    ) -> None:
        self._zygote, self._task = zygote, task
        self._spares: defaultdict[Zygote, list[Line]] = defaultdict(list)
        self._now: Need | None = None
        self._need: Need | None = None
        self._ready: Ready | None = None
        self._kept: Line | None = None

    def expect(self, need: Need | None) -> None:
        """A test begins; this is what the one after it will need."""
        self._now, self._need = self._need, need

    def keep(self, line: Conversation | None) -> None:
        """A test that only called functions has passed; its worker, if it had one, may serve the next of this kind."""
        if isinstance(line, Line) and line.may_serve_again():
            self._let_go()
            self._kept = line
        elif line:
            line.close()

    def kept(self, task: Task) -> Line | None:
        """A worker that has served such a test of the same exercise."""
        if not self._kept or not self._kept.serves(task):
            return None
        line, self._kept = self._kept, None
        return line

    def _let_go(self) -> None:
        line, self._kept = self._kept, None
        if line:
            line.close()

    def folder(self) -> Path | None:
        """The folder to write to that the next worker has been shown; its test must take this one."""
        return self._promised(self._ready.task.folder) if self._ready else None

    def given(self) -> Path | None:
        """The same for the folder to read."""
        return self._promised(self._ready.task.given) if self._ready else None

    def _promised(self, folder: Path | None) -> Path | None:
        if self._ready and folder:
            self._ready.promised = True
        return folder

    def claim(self, task: Task) -> Line | None:
        """The worker that has been told just this."""
        if not self._ready or self._ready.task != task or not self._ready.line.current:
            return None
        line, self._ready = self._ready.line, None
        return line

    def spare(self, exercise: Exercise) -> Line:
        """One that was made ahead, unless its zygote is gone."""
        spares = self._spares[self._zygote(exercise)]
        while spares:
            line = spares.pop(0)
            if line.current:
                return line
            line.close()
        return fresh(self._zygote(exercise))

    def prepare(self) -> None:
        """While a worker is busy: has spare ones made, and gives one of them what the next test will need."""
        if self._need:
            try:
                self._make_ready(self._need)
                self._fill(self._zygote(self._need.exercise))
            except FAULTS:  # then there is none; the test that needs one asks for it, and says why
                self._drop()

    def _make_ready(self, need: Need) -> None:
        if self._ready and self._ready.need != need:
            self._drop()
        if self._ready or self._will_be_kept(need):
            return
        zygote = self._zygote(need.exercise)
        folder = Path(tempfile.mkdtemp(dir=zygote.base)) if need.folder else None
        given = Path(tempfile.mkdtemp(dir=zygote.given)) if need.given else None
        task = self._task(need.exercise, folder, given)
        self._ready = Ready(need, task, self.spare(need.exercise))
        self._ready.line.announce(task)

    def _will_be_kept(self, need: Need) -> bool:
        """Whether the test that runs, or one before it, probably leaves a worker for the next one."""
        if not need.pure or need == self._now:
            return need.pure
        return bool(self._kept and self._kept.serves(self._task(need.exercise, None, None)))

    def _fill(self, zygote: Zygote) -> None:
        while len(self._spares[zygote]) < SPARE:
            self._spares[zygote].append(fresh(zygote))

    def test_is_over(self) -> None:
        """What it has not used goes. The answer for the next one is run, if its worker has it by now.

        Not where it may write to a folder: what it leaves there would lie in the way of a test that begins.
        """
        ready = self._ready
        if ready and ready.promised:
            self._drop()
        elif self._kept and self._need and self._will_be_kept(self._need):
            self._kept.renew_ahead()
        elif ready and not ready.task.folder and ready.line.zygote.jail.namespaces and ready.line.wire.answered:
            try:
                ready.line.hand_over(ready.task)
                ready.line.wire.ahead(LOAD)
            except FAULTS:
                self._drop()

    def _drop(self) -> None:
        ready, self._ready = self._ready, None
        if ready:
            ready.line.close()
            for folder in (ready.task.folder, ready.task.given) if not ready.promised else ():
                if folder:
                    remove(folder)

    def close(self) -> None:
        self._drop()
        self._let_go()
        for spares in self._spares.values():
            while spares:
                spares.pop().close()
