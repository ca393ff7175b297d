"""Frames on two descriptors: how calls and answers travel between the tests' process and a worker.

A frame is its size (4 bytes), its kind (request or reply), a number (4 bytes) and the payload. Calls nest: while one
side waits for a reply it serves the requests of the other. Whatever does not fit ends the line, never the reader.
"""

from __future__ import annotations

import os
import select
import struct
import time
from collections.abc import Callable

REQUEST, REPLY = 0, 1
HEAD = struct.Struct(">IBI")
MOST_BYTES = 256 * 1024 * 1024
MOST_STRAY = 100
CHUNK = 1 << 20
AT_ONCE = 48 * 1024
"""Bytes that a pipe takes although nobody reads them yet."""
LOOK = 0.2
"""So often, in seconds, `watch` is called while this side talks or waits."""
SPIN = 0.0003
"""Seconds in which this side looks again and again: most answers are there before it could sleep and be woken."""


class Closed(Exception):
    """The other side is gone, or spoke in a way that nobody here understands."""


class OutOfTime(Exception):
    """The other side did not answer, or did not read, in time."""


class Wire:
    """One end of a line. `serve` answers a request's payload with a reply's."""

    def __init__(self, read: int, write: int, serve: Callable[[bytes], bytes]) -> None:
        self._read, self._write, self.serve = read, write, serve
        self.watch: Callable[[], None] = lambda: None
        self.chore: Callable[[], None] | None = None
        """Done once, while the other side is busy with a request."""
        self._number = 0
        self._early: dict[bytes, int] = {}
        self._due: float | None = None
        self._next_look = 0.0
        self.received = 0
        self.stray = 0
        os.set_blocking(read, False)
        os.set_blocking(write, False)
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(read, select.POLLIN)
        self._writable.register(write, select.POLLOUT)

    def exchange(self, request: bytes, seconds: float | None = None) -> bytes:
        """The reply to a request. Raises Closed or OutOfTime; the outermost call's time counts for all within."""
        outermost = self._due is None and seconds is not None
        if outermost and seconds is not None:
            self._due = time.monotonic() + seconds
        try:
            mine = self._early.pop(request, None) or self._ask(request)
            if self.chore:
                chore, self.chore = self.chore, None
                chore()
            return self._wait_for(mine)
        finally:
            if outermost:
                self._due = None

    def ahead(self, request: bytes) -> None:
        """Sends what will be asked next: `exchange` then only waits for the reply. What no pipe takes is not sent."""
        if sum(map(len, self._early)) + len(request) <= AT_ONCE and self._writable.poll(0):
            self._early[request] = self._ask(request)

    @property
    def answered(self) -> bool:
        """Whether there is something to read."""
        return bool(self._readable.poll(0))

    @property
    def quiet(self) -> bool:
        """Whether the other side has said nothing that it was not asked, and owes nothing."""
        return not (self.stray or self._early or self.answered)

    def _ask(self, request: bytes) -> int:
        self._number += 1
        self._send(REQUEST, self._number, request)
        return self._number

    def _wait_for(self, mine: int) -> bytes:
        while True:
            kind, number, payload = self._receive()
            if kind == REQUEST:
                self._send(REPLY, number, self.serve(payload))
            elif number == mine:
                return payload
            else:
                self._ignore()

    def _ignore(self) -> None:
        """A late, doubled or unasked reply."""
        self.stray += 1
        if self.stray > MOST_STRAY:
            raise Closed("too many replies that nobody asked for")

    def serve_forever(self) -> None:
        """Answers requests until the other side is gone."""
        while True:
            kind, number, payload = self._receive()
            if kind == REQUEST:
                self._send(REPLY, number, self.serve(payload))
            else:
                self._ignore()

    def _send(self, kind: int, number: int, payload: bytes) -> None:
        if len(payload) > MOST_BYTES:
            raise Closed(f"a frame of {len(payload):,} bytes")
        data = memoryview(HEAD.pack(len(payload), kind, number) + payload)
        while data:
            try:
                data = data[os.write(self._write, data[:CHUNK]) :]
            except BlockingIOError:
                self._ready(write=True)
            except OSError as error:
                raise Closed(str(error)) from None

    def _receive(self) -> tuple[int, int, bytes]:
        size, kind, number = HEAD.unpack(self._exactly(HEAD.size))
        if size > MOST_BYTES or kind not in (REQUEST, REPLY):
            raise Closed("a frame that is no frame")
        return kind, number, self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        """So many bytes; memory is taken as they come, not as a header promises."""
        parts: list[bytes] = []
        while size:
            self._rest()  # also when there is always more to read
            try:
                part = os.read(self._read, min(size, CHUNK))
            except BlockingIOError:
                self._ready()
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            if not part:
                raise Closed("the other side is gone")
            parts.append(part)
            size -= len(part)
            self.received += len(part)
        return b"".join(parts) if len(parts) != 1 else parts[0]

    def _ready(self, write: bool = False) -> None:
        """Waits until the descriptor can be read or written, at most until time is up."""
        rest = self._rest()
        poll = self._writable if write else self._readable
        until = time.monotonic() + SPIN
        while not (ready := poll.poll(0)) and time.monotonic() < until:
            os.sched_yield()
        while not ready and not poll.poll(LOOK * 1000 if rest is None else min(rest, LOOK) * 1000):
            rest = self._rest()

    def _rest(self) -> float | None:
        """Seconds that are left; raises OutOfTime if there are none. Looks around now and then."""
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + LOOK
            self.watch()
        rest = None if self._due is None else self._due - now
        if rest is not None and rest <= 0:
            raise OutOfTime
        return rest

    def close(self) -> None:
        os.close(self._read)
        os.close(self._write)
