"""A conversation with one worker: its deadlines, what it printed, and how it ended."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from grader import memory
from grader.codec import BrokenWire, Codec
from grader.deadline import TooSlow
from grader.declared import methods, read_stub
from grader.disk import Disk
from grader.exercise import Exercise
from grader.forwarder import Forwarder, Place
from grader.inprocess import names, siblings
from grader.service import Handle
from grader.source import Source
from grader.student import Crashed, NotGraded
from grader.wire import Closed, OutOfTime, Wire
from grader.zygote import Reply, Zygote

BEGIN = 10.0
TEST = 60.0
"""Seconds: for a worker to take an answer, for all calls of one test together."""
ENDING = 0.5
"""Seconds for a worker that has closed its line to be gone, so that it can be said how it ended."""

MOST_PRINTED = 4000
MOST_RECEIVED = 512 * 1024 * 1024
MOST_COMPILED = 64 * 1024 * 1024

LOAD = Codec().encode(["load"])
"""What a student asks of its answer before everything else."""
AGAIN = Codec().encode(["again"])
"""What a worker is asked that has served a test: to have run nothing of its answer, as far as it can."""
PATIENCE = 1.0
"""Seconds for that: a fresh worker is there sooner."""
BRIEF, MOST_TESTS, MOST_KEPT = 5.0, 25, 1024 * 1024
"""A worker serves another test if the calls of each took so many seconds at most, after so many tests and bytes of
output at most: its limits are those of a process, and no test shall use up what belongs to another."""


def fresh(zygote: Zygote) -> Line:
    """A line to a worker that knows nothing yet; it need not be there yet."""
    here_in, there_out = os.pipe()
    there_in, here_out = os.pipe()
    door, there_door = socket.socketpair()
    printed = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the line
    try:
        keeper = zygote.spawn([there_in, there_out, printed.fileno(), there_door.fileno()])
    finally:
        os.close(there_in)
        os.close(there_out)
        there_door.close()
    return Line(zygote, zygote.generation, keeper, Wire(here_in, here_out, lambda _: b""), printed, door)


@dataclass(frozen=True)
class Task:
    """What a worker is told first: its code, the folders that it is shown, the servers that it reaches."""

    source: bytes
    about: dict[str, Any]
    folder: Path | None = None
    given: Path | None = None
    reach: tuple[Place, ...] = ()

    def encoded(self) -> bytes:
        told = {"source": self.source, "folder": _text(self.folder), "given": _text(self.given)}
        return Codec().encode({**self.about, **told, "reach": [port for _, port in self.reach]})


@dataclass
class Line:
    """A conversation with a worker; the first thing that goes wrong ends it."""

    zygote: Zygote
    generation: int
    keeper: Reply | None
    wire: Wire
    _printed: IO[bytes]
    _door: socket.socket
    watched: Sequence[Handle] = ()
    worker: int | None = None
    """The number of its process here, once memory.py has looked for it."""
    _task: Task | None = None
    _forwarder: Forwarder | None = None
    _told: int = 0
    _left: float = TEST
    _tests: int = 1
    _again: bool = False
    """Whether it has served a test and not yet been asked to forget it."""
    used: Callable[[float], None] = lambda _: None
    """Hears the seconds of each exchange."""
    _over: Exception | None = None

    @property
    def current(self) -> bool:
        """Whether the zygote that its worker comes from is still there."""
        return self.generation == self.zygote.generation

    def survey(self, exercise: Exercise, source: bytes) -> tuple[bytes, Source]:
        """The file compiled, and what the worker says of it, checked against the stub; nothing of it is run."""
        try:
            return _checked(exercise, self.hand_over(Task(source, about(exercise, load=False))))
        except OutOfTime:
            unloadable = f"it could not be read within {BEGIN:g} s"
        except (Closed, BrokenWire):
            unloadable = f"reading it ended the process ({self._end(ENDING)})"
        return b"", Source(unloadable=f"{exercise.id}: {unloadable}")

    def announce(self, task: Task) -> None:
        """Sends it already: `hand_over` then only waits until the worker has taken it."""
        self.wire.ahead(task.encoded())

    def hand_over(self, task: Task) -> Any:
        """The worker takes its code and gives up its rights; once is enough."""
        if self._task == task:
            return self._renew() if self._again else None
        disk = Disk(task.folder, lambda: memory.processes(self)) if task.folder else None
        self.wire.watch = lambda: self._look_around(disk)
        said = Codec().decode(self.wire.exchange(task.encoded(), BEGIN))
        if task.reach:
            self._forwarder = Forwarder.received(self._door, [*task.reach])
        self._door.close()
        self._task = task
        return said

    def may_serve_again(self) -> bool:
        """Its test is over. Whether nothing of it goes on, as far as the kernel can see, and it was modest so far.

        Only the first process of namespaces of its own has all that it started below it.
        """
        modest = self._left > TEST - BRIEF and self._tests < MOST_TESTS
        with contextlib.suppress(NotGraded, OSError):
            modest &= os.fstat(self._printed.fileno()).st_size < MOST_KEPT
            silent = not self._over and self.wire.quiet
            self._again = self.zygote.jail.namespaces and modest and silent and memory.alone(self)
        return self._again

    def serves(self, task: Task) -> bool:
        """Whether it has been told just this, and the zygote that its worker comes from is still there."""
        return self._task == task and self.current

    def renew_ahead(self) -> None:
        """Sends what the next test asks first."""
        if self.wire.quiet:
            with contextlib.suppress(Closed, OutOfTime):  # then the next test finds it closed
                self.wire.ahead(AGAIN)
                self.wire.ahead(LOAD)

    def _renew(self) -> None:
        if Codec().decode(self.wire.exchange(AGAIN, PATIENCE)) != ["ok", None]:
            raise BrokenWire("it does not serve another test")
        self._again, self._left, self.wire.received = False, TEST, 0
        self._tests += 1

    def _look_around(self, disk: Disk | None) -> None:
        if disk:
            disk.check()
        for lane in self.watched:
            if reason := lane.watch():
                raise Closed(reason)

    @property
    def printed(self) -> str:
        """What was printed since the last look, as far as it is shown."""
        with contextlib.suppress(OSError, ValueError):
            size = os.fstat(self._printed.fileno()).st_size
            text = os.pread(self._printed.fileno(), min(max(size - self._told, 0), MOST_PRINTED), self._told)
            self._told = size
            return text.decode("utf-8", "replace")
        return ""

    def exchange(self, request: bytes, deadline: float) -> bytes:
        if self._over:
            raise self._over
        started = time.monotonic()
        what = f"all calls of this test together took more than {TEST:g} s" if self._left < deadline else ""
        try:
            if self._left <= 0:  # many short calls, such as next() of an iterator that never ends
                raise OutOfTime
            reply = self.wire.exchange(request, min(deadline, self._left))
        except OutOfTime:
            self._end()
            self._over = Crashed("it was stopped before, because it took too long")
            raise TooSlow(what=what) from None
        except Closed as closed:
            how = self._end(ENDING)
            self._over = Crashed(how if "gone" in str(closed) else f"the process was ended: {closed}")
            raise self._over from None
        finally:
            took = time.monotonic() - started
            self._left -= took
            self.used(took)
        if self.wire.received > MOST_RECEIVED:
            self._end()
            self._over = Crashed("the answers were too big altogether")
            raise self._over
        return reply

    def raise_here(self, error: Exception) -> Exception:
        return error

    def _end(self, patience: float = 0.0) -> str:
        """How the worker ended, or was ended by us, in a few words."""
        group = self.zygote.jail.group
        try:
            status = self.zygote.wait(self.zygote.end(self.keeper, patience)) if self.keeper else -1
        except NotGraded:  # from here on everything is the answer's doing
            return "the process that workers come from ended with it"
        finally:
            self.keeper = None
        if group and group.ran_out_of_memory():
            return "killed: out of memory, the limit is 1 GiB"
        if status > 128:
            return f"killed by signal {status - 128}"
        return "it closed its line" if status < 0 else f"exit code {status}"

    def close(self) -> None:
        if self.keeper and self.current:  # else it ended with its zygote
            with contextlib.suppress(NotGraded):
                self.zygote.end(self.keeper, later=True)
        if self._forwarder:
            self._forwarder.close()
        self._door.close()
        self.wire.close()
        self._printed.close()


def _text(folder: Path | None) -> str:
    return str(folder.resolve()) if folder else ""


def about(exercise: Exercise, load: bool = True) -> dict[str, Any]:
    """What a worker has to know of an exercise."""
    return {"label": exercise.id, "names": names(exercise), "siblings": sorted(siblings(exercise)), "load": load}


def _checked(exercise: Exercise, found: Any) -> tuple[bytes, Source]:
    """Only names that the stub declares, only numbers, only one short text; and bytes for workers."""
    try:
        unwritten, lines, unloadable, modules, compiled = found
        if type(compiled) is not bytes or len(compiled) > MOST_COMPILED:
            raise ValueError("compiled it is too big")
        unwritten, lines = dict(unwritten), dict(lines)
        imported = {name for name in modules if type(name) is str}
    except (TypeError, ValueError) as error:
        raise BrokenWire(f"a reply that is no reply: {error}") from None
    declared = read_stub(exercise.stub)
    known = {*declared.tasks} | {f"{c}.{m.name}" for c, node in declared.classes.items() for m in methods(node)}
    return compiled, Source(_ours(unwritten, known), _ours(lines, known), str(unloadable)[:2000], imported)


def _ours(facts: dict[Any, Any], known: set[str]) -> dict[str, int]:
    return {name: line for name, line in facts.items() if name in known and type(line) is int and line > 0}
