"""The jailed process that workers are forked from, as the tests' side sees it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import tempfile
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from grader.container import Door, memory_group
from grader.jail import Cgroup, Jail, python
from grader.student import NotGraded
from grader.sweep import remove, sweep

READY = 60.0
"""Seconds: for the zygote to start and to import what answers need."""

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "TZ": "UTC",
    "OMP_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false",
}  # fmt: skip
"""Of all jailed processes. A zygote with threads could not be copied: no library may start one."""


@dataclass(eq=False)
class Reply:
    """A number that the zygote still owes us."""

    value: int | None = None


class Zygote:
    """Started at once, waited for when the first worker is needed; started again should it end.

    Requests are answered in their order, so they can be sent ahead: a worker is forked and another is ended while
    the tests go on.
    """

    def __init__(self, jail: Jail, imports: list[str], first: Zygote | None = None) -> None:
        self.jail = jail
        self.imports = imports
        self._first = first
        self.full: Zygote = self
        """The one that has imported everything that answers need: this one, or one beside it."""
        if first is None:
            sweep(Path(tempfile.gettempdir()))
        self._folder: Path = first._folder if first else _made()
        self.base = self._folder / "shared"
        """The folder for temporary files, of which each worker is given its part."""
        self.given = self._folder / "given"
        """The folder for what tests give to read: no worker can write to it, so that no link lies where tests write."""
        for place in (self.base, self.given):
            place.mkdir(mode=0o711, exist_ok=first is not None)
        self.generation = 0
        self._start()

    def beside(self, imports: list[str]) -> Zygote:
        """Another one with more imports, in the same jail, for the same folders, for as long as this one."""
        self.full = Zygote(self.jail, imports, self)
        return self.full

    def _start(self) -> None:
        options = {
            "namespaces": self.jail.namespaces, "limits": self.jail.limits,
            "base": str(self.base), "environment": ENVIRONMENT, "container": self.jail.container,
            "owner": [os.geteuid(), os.getegid()],
        }  # fmt: skip
        self._door = Door(self.base) if self.jail.container else None
        self._line, theirs = socket.socketpair()
        self._line.settimeout(READY)
        self._process = subprocess.Popen(
            self.jail.command(python(json.dumps(options)), self.base),
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=dict[str, str](),
            start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self.pid = self._process.pid
        self.generation += 1
        self._imported = False
        self._received = b""
        self._greeting = Reply()
        self._owed: deque[Reply] = deque([self._greeting])

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def _control(self) -> socket.socket:
        """The line to the jailed process; one in a container must come to our door first."""
        if self._door:
            door, self._door = self._door, None
            try:
                line, self.pid = door.open(lambda: self.alive)
            finally:
                door.close()
            self._line.close()
            self._line = line
            self._line.settimeout(READY)
            self.jail.group = Cgroup([folder]) if (folder := memory_group(self.pid)) else None
        return self._line

    def greeted(self) -> None:
        """Waits until it is there; NotGraded says why it is not."""
        self.wait(self._greeting)

    def import_ahead(self) -> None:
        """Student code will run soon; what it needs can be imported while the tests' side goes on."""
        if self.imports and not self._imported:
            self._imported = True
            self._ask({"do": "import", "modules": self.imports})

    def spawn(self, descriptors: list[int]) -> Reply:
        """The number of a new worker's keeper, to be waited for before it is ended."""
        if not self.alive:
            self._stop()
            self._start()
        self.import_ahead()
        return self._ask({"do": "spawn"}, descriptors)

    def end(self, keeper: Reply, patience: float = 0.0, later: bool = False) -> Reply:
        """Ends a worker with everything it started; the exit status if it ends by itself in time, else -1.

        `later`: the reply does not wait for its end.
        """
        return self._ask({"do": "end", "keeper": self.wait(keeper), "patience": patience, "later": later})

    def _ask(self, request: dict[str, object], descriptors: list[int] | None = None) -> Reply:
        reply = Reply()
        try:
            socket.send_fds(self._control, [json.dumps(request).encode() + b"\n"], descriptors or [])
        except OSError:
            reply.value = -1  # whoever waits for a worker of it finds the line closed
        else:
            self._owed.append(reply)
        return reply

    def wait(self, reply: Reply) -> int:
        """The number; NotGraded if the zygote cannot be reached, which is never the student's fault."""
        while reply.value is None:
            try:
                part = self._control.recv(4096)
            except OSError as error:
                why = error if self.alive else self._complaint() or error
                raise NotGraded(f"no process for student code could be started: {why}") from None
            if not part:
                raise NotGraded(f"no process for student code could be started: {self._complaint()}")
            self._received += part
            *lines, self._received = self._received.split(b"\n")
            for line in lines:
                self._owed.popleft().value = int(line)
        return reply.value

    def _complaint(self) -> str:
        """Its last words; nobody waits for their end, because orphans of a weak jail may hold the pipe."""
        text = b""
        with contextlib.suppress(subprocess.TimeoutExpired, BlockingIOError):
            self._process.wait(READY)
            if self._process.stderr:
                os.set_blocking(self._process.stderr.fileno(), False)
                text = os.read(self._process.stderr.fileno(), 2000)
        lines = text.decode("utf-8", "replace").strip().splitlines()
        return "\n".join(line for line in lines if not line.startswith("See 'docker"))[-300:]

    def close(self) -> None:
        if self.full is not self:
            self.full.close()
        self._stop()
        if self._first:
            return
        if self.jail.group and not self.jail.container:
            self.jail.group.end()
        remove(self._folder)

    def _stop(self) -> None:
        self._line.close()
        if self._door:
            self._door.close()
        self.jail.stop(self._process, self.base)
        if self._process.stderr:
            self._process.stderr.close()


def _made() -> Path:
    return Path(tempfile.mkdtemp(prefix=f"course-{os.getpid()}-")).resolve()
