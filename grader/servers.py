"""The servers of a run: started once, side by side, while tests are still collected; shared with xdist's workers."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from grader import origin, service
from grader.origin import Running
from grader.service import Lanes, Server, Unavailable
from grader.student import NotGraded

PATIENCE = 900.0
"""Seconds: for another process to start a server; fetching an image may take minutes."""


@dataclass
class Servers:
    """Knows each server by its name. Whoever asks for one waits until it is ready, or hears why it is not."""

    forced: str = ""
    official: bool = False
    waits: Callable[[str], None] = lambda _: None
    """Told what we wait for, again and again."""
    shared: Path | None = None
    """Where a process of xdist tells its workers of servers."""
    _running: dict[str, Future[Running]] = field(default_factory=dict)
    _lanes: dict[str, Lanes] = field(default_factory=dict)
    _again: set[str] = field(default_factory=set)
    _news: dict[str, str] = field(default_factory=dict)

    def start(self, names: Iterable[str]) -> None:
        """Returns at once."""
        for name in names:
            if name not in self._running:
                future: Future[Running] = Future()
                self._running[name] = future
                threading.Thread(target=self._start, args=(name, future), daemon=True).start()

    def _start(self, name: str, future: Future[Running]) -> None:
        try:
            found = origin.find(name, self.forced, self.official, partial(self._news.__setitem__, name))
        except BaseException as error:
            self._tell(name, {"missing": str(error)})
            future.set_exception(error if isinstance(error, Unavailable) else Unavailable(f"{error!r}"))
        else:
            self._tell(name, asdict(found.server))
            future.set_result(found)

    def _tell(self, name: str, what: dict[str, Any]) -> None:
        if self.shared:
            half = self.shared / f".{name}"
            half.write_text(json.dumps(what), encoding="utf-8")
            half.replace(self.shared / name)

    def server(self, name: str) -> Server:
        """Raises NotGraded, in words that say what to do."""
        self.start([name])
        try:
            return self._awaited(name).server
        except Unavailable as error:
            raise NotGraded(origin.missing(name, str(error))) from None

    def _awaited(self, name: str) -> Running:
        started = time.monotonic()
        while (waited := time.monotonic() - started) < PATIENCE:
            with contextlib.suppress(TimeoutError):
                return self._running[name].result(0.2)
            about = self._news.get(name) or f"{service.service(name).TITLE} is starting"
            self.waits(f"{about} · {waited:.0f} s")
        raise Unavailable(f"it was not there after {PATIENCE:.0f} s")

    def lanes(self, name: str) -> Lanes:
        """In the server of this run."""
        if name not in self._lanes:
            server = self.server(name)
            try:
                self._lanes[name] = service.service(name).lanes(server)
            except Exception as error:  # it was ready, and is not any more
                self._renew(name)
                raise NotGraded(f"{service.service(name).TITLE} broke: {origin.first_line(error)}") from error
        return self._lanes[name]

    def _renew(self, name: str) -> None:
        """Another server in place of a dead one. A third one there is only for a retry, which asks for it."""
        if name in self._again:
            return
        self._again.add(name)
        self.replace(name)

    def replace(self, name: str) -> None:
        """Forgets a server, so that the next test gets a fresh one."""
        if lanes := self._lanes.pop(name, None):
            with contextlib.suppress(Exception):
                lanes.close()
        if future := self._running.pop(name, None):
            with contextlib.suppress(Exception):
                future.result(PATIENCE).stop()
        self.shared = None  # only this process has the new one

    def broken(self, names: Iterable[str]) -> list[str]:
        """Those of them that were in use and do not answer any more; what comes next gets another one, once."""
        dead = [name for name in names if name in self._lanes and not self._lanes[name].alive()]
        for name in dead:
            self._renew(name)
        return dead

    def ready(self) -> list[Server]:
        """Those that are up by now."""
        done = [f for f in self._running.values() if f.done() and not f.exception()]
        return [future.result().server for future in done]

    def close(self) -> None:
        for lanes in self._lanes.values():
            with contextlib.suppress(Exception):
                lanes.close()
        stops = [threading.Thread(target=self._stop, args=(future,)) for future in self._running.values()]
        for thread in stops:
            thread.start()
        for thread in stops:
            thread.join()
        self._lanes.clear()
        self._running.clear()
        if self.shared:
            shutil.rmtree(self.shared, ignore_errors=True)

    def _stop(self, future: Future[Running]) -> None:
        with contextlib.suppress(Exception):
            future.result(origin.STOP).stop()  # one that still starts ends with us, or is swept by the next run


def share() -> Path:
    """A folder in which to tell other processes."""
    return Path(tempfile.mkdtemp(prefix=f"course-{os.getpid()}-servers-"))


class Told(Servers):
    """The servers that another process has started, as its workers see them."""

    def __init__(self, folder: Path, forced: str = "", official: bool = False) -> None:
        super().__init__(forced, official)
        self.folder = folder

    def _start(self, name: str, future: Future[Running]) -> None:
        if name in self._again:  # that one died: this worker starts its own
            super()._start(name, future)
            return
        deadline = time.monotonic() + PATIENCE
        while not (self.folder / name).exists():
            if not self.folder.exists() or time.monotonic() > deadline:
                future.set_exception(Unavailable("the process that starts the servers is gone"))
                return
            time.sleep(0.02)
        told = json.loads((self.folder / name).read_text(encoding="utf-8"))
        if "missing" in told:
            future.set_exception(Unavailable(told["missing"]))
        else:
            future.set_result(Running(Server(**told)))
