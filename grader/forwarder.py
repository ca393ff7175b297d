"""The one way out of a jail: connections to the servers of a test, and to nothing else.

A worker listens in its own network at the address that a server has outside, and hands us the listening sockets
before any student code runs. We accept on them and pass bytes on. Nothing in the jail can say where to.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field

MOST_CONNECTIONS = 64
CHUNK = 64 * 1024
CONNECT = 5.0
"""Seconds for a server to take a connection."""

Place = tuple[str, int]


@dataclass
class Forwarder:
    """Serves until it is closed; then every connection that went through it ends."""

    listeners: list[socket.socket]
    places: list[Place]
    _open: set[socket.socket] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: bool = False

    @classmethod
    def received(cls, door: socket.socket, places: list[Place]) -> Forwarder:
        """From the worker's end of the door; it has sent them by now, as it has answered."""
        door.settimeout(CONNECT)
        _, descriptors, _, _ = socket.recv_fds(door, 1, len(places))
        forwarder = cls([socket.socket(fileno=descriptor) for descriptor in descriptors], places)
        if len(forwarder.listeners) != len(places):
            forwarder.close()
            raise OSError("not every listening socket came out of the jail")
        for listener, place in zip(forwarder.listeners, places, strict=True):
            listener.setblocking(True)
            threading.Thread(target=forwarder._accept, args=(listener, place), daemon=True).start()
        return forwarder

    def _accept(self, listener: socket.socket, place: Place) -> None:
        while not self._over:
            try:
                inside, _ = listener.accept()
            except OSError:
                return
            if len(self._open) >= 2 * MOST_CONNECTIONS:
                inside.close()
                continue
            threading.Thread(target=self._connect, args=(inside, place), daemon=True).start()

    def _connect(self, inside: socket.socket, place: Place) -> None:
        try:
            outside = socket.create_connection(place, CONNECT)
        except OSError:
            inside.close()
            return
        outside.settimeout(None)
        for end in (inside, outside):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            if self._over:
                inside.close()
                outside.close()
                return
            self._open |= {inside, outside}
        back = threading.Thread(target=self._pass, args=(outside, inside), daemon=True)
        back.start()
        self._pass(inside, outside)
        back.join()
        with self._lock:
            self._open -= {inside, outside}
        inside.close()
        outside.close()

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        """Until the source has no more to say; then the target hears that too."""
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                target.sendall(chunk)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        with self._lock:
            self._over = True
            ends = [*self.listeners, *self._open]
        for end in ends:  # a thread that waits in one of them wakes up
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for listener in self.listeners:
            listener.close()
