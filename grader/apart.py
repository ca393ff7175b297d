"""The carrier `apart`: each test talks to a fresh worker process in a jail, with deadlines kept from outside."""

from __future__ import annotations

import contextlib
import marshal
import os
import socket
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import IO, Any

from grader import memory
from grader.codec import BrokenWire, Codec
from grader.deadline import TooSlow
from grader.declared import methods, read_stub
from grader.disk import Disk
from grader.exercise import Exercise
from grader.forwarder import Forwarder, Place
from grader.inprocess import names, read_answer, siblings
from grader.peer import Exchange, Peer
from grader.service import Handle
from grader.source import Source
from grader.student import Crashed, NotGraded
from grader.wire import Closed, OutOfTime, Wire
from grader.zygote import Reply, Zygote

BEGIN = 10.0
READ = 5.0
TEST = 60.0
"""Seconds: for a worker to take an answer, for one look into a file, for all calls of one test together."""
AHEAD = 2
"""Workers that are made while tests run: some tests take less time than that."""
ENDING = 0.5
"""Seconds for a worker that has closed its line to be gone, so that it can be said how it ended."""

READER = Path(__file__).with_name("sqlite_reader.py")
MOST_PRINTED = 4000
MOST_RECEIVED = 512 * 1024 * 1024
MOST_COMPILED = 64 * 1024 * 1024


class Apart:
    """Opens lines to fresh workers for the student's files under `answers`; the zygote may serve many of these."""

    level = "apart"

    def __init__(self, answers: Path, zygote: Zygote, imports: bool = True) -> None:
        self.answers = answers
        self.imports = imports
        self._zygote = zygote
        self._sources: dict[str, tuple[bytes, Source]] = {}
        """Of each exercise the answer as a worker compiled it, for other workers only, and what it looks like."""
        self._spares: list[Line] = []
        self._spent: defaultdict[str, float] = defaultdict(float)

    @property
    def jail(self) -> str:
        return self._zygote.jail.name

    def prepare(self) -> None:
        """What workers need is imported already, or about to be."""
        self._zygote.import_ahead()

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
        line = self._fresh(parses=True)
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
        """A line to a fresh worker that has taken the answer, may write to `folder` and read what is `given`.

        It reaches the servers of these lanes, at the same ports of 127.0.0.1, and nothing else.

        Until the worker has the answer nothing of the student's was run: if that fails twice, it is our fault.
        """
        self.survey(exercise)
        reason = ""
        for take in (self._take_spare, self._fresh):
            line = take()
            line.wire.serve = serve
            try:
                reach = [lane.place for lane in lanes] if self.closed else []
                line.watched = lanes
                line.used = partial(self._count, exercise.id)
                line.hand_over(self._sources[exercise.id][0], folder, about(exercise), given, reach)
            except (OutOfTime, Closed, BrokenWire, OSError) as error:
                reason = next(iter(line.printed.strip().splitlines()[-1:]), f"{type(error).__name__}: {error}")[:300]
                line.close()
                continue
            while len(self._spares) < AHEAD:
                self._spares.append(self._fresh())
            return line
        raise NotGraded(f"a process for the answer could not be made ready: {reason}")

    def _count(self, exercise: str, seconds: float) -> None:
        self._spent[exercise] += seconds

    def _take_spare(self) -> Line:
        """The worker that was made ahead, unless its zygote is gone."""
        while self._spares:
            line = self._spares.pop(0)
            if line.generation == self._zygote.generation:
                return line
            line.close()
        return self._fresh()

    @contextlib.contextmanager
    def sqlite_reader(self, folder: Path) -> Iterator[Callable[..., Any]]:
        """In a worker of its own that never saw student code, but reads what student code may have forged."""
        reader = Reader(self._fresh, folder)
        try:
            yield reader
        finally:
            reader.close()

    def close(self) -> None:
        while self._spares:
            self._spares.pop().close()

    def _fresh(self, parses: bool = False) -> Line:
        """A line to a worker that knows nothing yet; it need not be there yet."""
        here_in, there_out = os.pipe()
        there_in, here_out = os.pipe()
        door, there_door = socket.socketpair()
        printed = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the line
        try:
            keeper = self._zygote.spawn(
                [there_in, there_out, printed.fileno(), there_door.fileno()], self.imports and not parses
            )
        finally:
            os.close(there_in)
            os.close(there_out)
            there_door.close()
        generation = self._zygote.generation
        return Line(self._zygote, generation, keeper, Wire(here_in, here_out, lambda _: b""), printed, door)


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
    _forwarder: Forwarder | None = None
    _told: int = 0
    _left: float = TEST
    used: Callable[[float], None] = lambda _: None
    """Hears the seconds of each exchange."""
    _over: Exception | None = None

    def survey(self, exercise: Exercise, source: bytes) -> tuple[bytes, Source]:
        """The file compiled, and what the worker says of it, checked against the stub; nothing of it is run."""
        try:
            return _checked(exercise, self.hand_over(source, None, about(exercise, load=False)))
        except OutOfTime:
            unloadable = f"it could not be read within {BEGIN:g} s"
        except (Closed, BrokenWire):
            unloadable = f"reading it ended the process ({self._end(ENDING)})"
        return b"", Source(unloadable=f"{exercise.id}: {unloadable}")

    def hand_over(
        self,
        source: bytes,
        folder: Path | None,
        about: dict[str, Any],
        given: Path | None = None,
        reach: Sequence[Place] = (),
    ) -> Any:
        """The worker takes its code and gives up its rights."""
        disk = Disk(folder, lambda: memory.processes(self)) if folder else None
        self.wire.watch = lambda: self._look_around(disk)
        ports = [port for _, port in reach]
        told = {**about, "source": source, "folder": _text(folder), "given": _text(given), "reach": ports}
        said = Codec().decode(self.wire.exchange(Codec().encode(told), BEGIN))
        if reach:
            self._forwarder = Forwarder.received(self._door, [*reach])
        self._door.close()
        return said

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
        if self.keeper:
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


@cache
def _reader() -> bytes:
    return marshal.dumps(compile(READER.read_bytes(), READER.name, "exec", dont_inherit=True))


class Reader(Peer):
    """Asks sqlite_reader.py in a worker; what goes wrong in it is the fault of the file that it reads."""

    def __init__(self, fresh: Callable[[], Line], folder: Path) -> None:
        super().__init__(self._exchange)
        self._fresh, self._folder = fresh, folder
        self._line: Line | None = fresh()  # by the time that something is there to be read, it is ready
        self._loaded = False

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
            self._line = self._fresh()
        if not self._loaded:
            self._loaded = True
            names = {"records": {}, "classes": [], "exceptions": [], "modules": ["sqlite3"]}
            about = {"label": READER.name, "names": names, "siblings": [], "load": True}
            self._line.hand_over(_reader(), self._folder, about)
            self.ask("load")
        return self._line.exchange(request, READ)

    def rebuild(self, outcome: str, *rest: Any) -> Exception:
        return BrokenWire(f"{outcome}: {rest}"[:500])

    def close(self) -> None:
        if self._line:
            self._line.close()
            self._line = None
        self._loaded = False


def _checked(exercise: Exercise, found: Any) -> tuple[bytes, Source]:
    """Only names that the stub declares, only numbers, only one short text; and bytes for workers."""
    try:
        unwritten, lines, unloadable, compiled = found
        if type(compiled) is not bytes or len(compiled) > MOST_COMPILED:
            raise ValueError("compiled it is too big")
        unwritten, lines = dict(unwritten), dict(lines)
    except (TypeError, ValueError) as error:
        raise BrokenWire(f"a reply that is no reply: {error}") from None
    declared = read_stub(exercise.stub)
    known = {*declared.tasks} | {f"{c}.{m.name}" for c, node in declared.classes.items() for m in methods(node)}
    return compiled, Source(_ours(unwritten, known), _ours(lines, known), str(unloadable)[:2000])


def _ours(facts: dict[Any, Any], known: set[str]) -> dict[str, int]:
    return {name: line for name, line in facts.items() if name in known and type(line) is int and line > 0}
