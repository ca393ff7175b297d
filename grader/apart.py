"""The carrier `apart`: tests talk to worker processes in a jail, with deadlines kept from outside."""

from __future__ import annotations

import contextlib
import marshal
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from grader.ahead import Ahead
from grader.codec import BrokenWire
from grader.deadline import TooSlow
from grader.declared import read_stub
from grader.exercise import Exercise
from grader.forwarder import Place
from grader.inprocess import read_answer
from grader.line import LOAD, Line, Task, about, fresh
from grader.peer import Exchange, Peer
from grader.service import Handle
from grader.source import Source
from grader.student import Crashed, NotGraded
from grader.wire import Closed, OutOfTime
from grader.zygote import Zygote

READ = 5.0
"""Seconds for one look into a file."""

READER = Path(__file__).with_name("sqlite_reader.py")


class Apart:
    """Opens lines to workers for the student's files under `answers`; the zygotes may serve many of these.

    Workers are copied from `zygote`, those for answers that import more than it has from the full one beside it.
    """

    level = "apart"

    def __init__(self, answers: Path, zygote: Zygote) -> None:
        self.answers = answers
        self._zygote = zygote
        self._about: dict[str, dict[str, Any]] = {}
        self._sources: dict[str, tuple[bytes, Source]] = {}
        """Of each exercise the answer as a worker compiled it, for other workers only, and what it looks like."""
        self.ahead = Ahead(self._zygote_for, self._task)
        self._spent: defaultdict[str, float] = defaultdict(float)

    @property
    def jail(self) -> str:
        return self._zygote.jail.name

    def spent(self, exercise: Exercise) -> float:
        return self._spent[exercise.id]

    def survey(self, exercise: Exercise) -> Source:
        """What the file looks like; a worker parses it, because a parser can be attacked too."""
        if exercise.id not in self._sources:
            self._sources[exercise.id] = self._read(exercise)
        return self._sources[exercise.id][1]

    def _read(self, exercise: Exercise) -> tuple[bytes, Source]:
        try:
            content = read_answer(self.answers, exercise)
        except ValueError as error:
            return b"", Source(unloadable=str(error))
        line = fresh(self._zygote)
        try:
            return line.survey(exercise, content)
        finally:
            line.close()

    @property
    def closed(self) -> bool:
        """Whether student code is in a network of its own, where servers have to be brought to."""
        return self._zygote.jail.name != "rlimits"

    def open(
        self,
        exercise: Exercise,
        serve: Exchange,
        folder: Path | None,
        given: Path | None = None,
        lanes: Sequence[Handle] = (),
    ) -> Line:
        """A line to a worker that has taken the answer anew, may write to `folder` and read what is `given`.

        It reaches the servers of these lanes, at the same ports of 127.0.0.1, and nothing else.

        Until the worker has the answer nothing of the student's was run: if that fails twice, it is our fault.
        """
        self.survey(exercise)
        task = self._task(exercise, folder, given, *(lane.place for lane in lanes if self.closed))
        reason = ""
        for take in (self._kept, self._made_ahead, self._made_now):
            line = take(exercise, task)
            if not line:
                continue
            line.wire.serve = serve
            line.watched = lanes
            line.used = partial(self._count, exercise.id)
            try:
                line.hand_over(task)
            except (OutOfTime, Closed, BrokenWire, OSError) as error:
                reason = next(iter(line.printed.strip().splitlines()[-1:]), f"{type(error).__name__}: {error}")[:300]
                line.close()
                continue
            line.wire.chore = self.ahead.prepare
            return line
        raise NotGraded(f"a process for the answer could not be made ready: {reason}")

    def _kept(self, exercise: Exercise, task: Task) -> Line | None:
        return self.ahead.kept(task)

    def _made_ahead(self, exercise: Exercise, task: Task) -> Line:
        return self.ahead.claim(task) or self.ahead.spare(exercise)

    def _made_now(self, exercise: Exercise, task: Task) -> Line:
        return fresh(self._zygote_for(exercise))

    def _zygote_for(self, exercise: Exercise) -> Zygote:
        needed = self.survey(exercise).modules.union(read_stub(exercise.stub).modules)
        full = self._zygote.full
        return full if needed & {*full.imports} - {*self._zygote.imports} else self._zygote

    def _task(self, exercise: Exercise, folder: Path | None, given: Path | None, *reach: Place) -> Task:
        if exercise.id not in self._about:
            self._about[exercise.id] = about(exercise)
        return Task(self._sources[exercise.id][0], self._about[exercise.id], folder, given, reach)

    def _count(self, exercise: str, seconds: float) -> None:
        self._spent[exercise] += seconds

    @contextlib.contextmanager
    def sqlite_reader(self, folder: Path) -> Iterator[Callable[..., Any]]:
        """In a worker of its own that never saw student code, but reads what student code may have forged."""
        reader = Reader(lambda: fresh(self._zygote), folder)
        try:
            yield reader
        finally:
            reader.close()

    def close(self) -> None:
        self.ahead.close()


@cache
def _reader() -> bytes:
    return marshal.dumps(compile(READER.read_bytes(), READER.name, "exec", dont_inherit=True))


class Reader(Peer):
    """Asks sqlite_reader.py in a worker; what goes wrong in it is the fault of the file that it reads."""

    def __init__(self, fresh: Callable[[], Line], folder: Path) -> None:
        super().__init__(self._exchange)
        self._fresh = fresh
        names = {"records": {}, "classes": [], "exceptions": [], "modules": ["sqlite3"]}
        self._task = Task(_reader(), {"label": READER.name, "names": names, "siblings": [], "load": True}, folder)
        self._line: Line | None = self._begun()  # by the time that something is there to be read, it is ready
        self._loaded = False

    def _begun(self) -> Line:
        line = self._fresh()
        line.announce(self._task)
        line.wire.ahead(LOAD)
        return line

    def __call__(self, function: str, *args: object) -> Any:
        try:
            return self.ask("call", function, args, {}, False)
        except (TooSlow, Crashed, BrokenWire) as error:
            self.close()
            return [None, ["ValueError", f"reading it did not come to an end ({type(error).__name__})"]]
        except (Closed, OutOfTime, NotGraded):
            self.close()
            return [None, ["ValueError", "no process could be started to read it: what has the answer left running?"]]

    def _exchange(self, request: bytes) -> bytes:
        if self._line is None:
            self._line = self._begun()
        if not self._loaded:
            self._loaded = True
            self._line.hand_over(self._task)
            self.ask("load")
        return self._line.exchange(request, READ)

    def rebuild(self, outcome: str, *rest: Any) -> Exception:
        return BrokenWire(f"{outcome}: {rest}"[:500])

    def close(self) -> None:
        if self._line:
            self._line.close()
            self._line = None
        self._loaded = False
