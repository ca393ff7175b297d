"""Ends a call into student code that takes too long, as far as Python can be interrupted in its own process."""

from __future__ import annotations

import ctypes
import faulthandler
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import IO

AGAIN = 0.25
"""Student code that swallows the interruption (`except:` in a loop) gets it again after so many seconds."""

GRACE = 3.0
"""After so many seconds more the process ends: something in C does not let Python run."""


class TooSlow(BaseException):
    """Raised inside student code; no Exception, so that `except Exception` does not catch it."""

    def __init__(self, frame: FrameType | None = None, what: str = "") -> None:
        super().__init__()
        self.frame = frame
        self.what = what
        """Which time ran out, if it is not that of the call."""


class Deadlines:
    """The deadlines of one run. `last_words` gets the place of the hang if the process has to be ended."""

    def __init__(self, enabled: bool = True, signals: bool | None = None) -> None:
        self.enabled = enabled
        self.last_words: IO[bytes] | None = None
        self._last_resort_at = 0.0
        self._active = False
        if signals is None:
            signals = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        self._interrupter: _Alarm | _Watchdog = _Alarm() if signals else _Watchdog()

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Raises TooSlow inside the block after `seconds`; nested blocks belong to the outermost."""
        if not self.enabled or self._active or being_debugged():
            yield
            return
        self._arm_last_resort(seconds)
        self._active = True
        try:
            with self._interrupter.after(seconds):
                yield
        finally:
            self._active = False

    def _arm_last_resort(self, seconds: float) -> None:
        """Arming costs a thread, so one arming serves the calls of the next seconds."""
        now = time.monotonic()
        if self.last_words is None or self._last_resort_at - now >= seconds + GRACE:
            return
        self._last_resort_at = now + seconds + 2 * GRACE
        faulthandler.dump_traceback_later(seconds + 2 * GRACE, exit=True, file=self.last_words)

    def rest(self) -> None:
        """Between tests: nothing of the student's runs."""
        if self._last_resort_at:
            faulthandler.cancel_dump_traceback_later()
            self._last_resort_at = 0.0

    def off(self) -> None:
        """From here on nothing is interrupted: a debugger is at work."""
        self.enabled = False
        self.rest()
        self._interrupter.cancel()


def being_debugged() -> bool:
    return "pydevd" in sys.modules or "debugpy" in sys.modules or _is_debugger(sys.gettrace())


def _is_debugger(trace: object) -> bool:
    return trace is not None and not type(trace).__module__.startswith("coverage")


class _Alarm:
    """POSIX, main thread: SIGALRM also ends sleeps, reads and regular expressions."""

    @contextmanager
    def after(self, seconds: float) -> Iterator[None]:
        before = signal.signal(signal.SIGALRM, _raise_too_slow)
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def cancel(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _raise_too_slow(_number: int, frame: FrameType | None) -> None:
    raise TooSlow(frame)


@contextmanager
def at_most(seconds: float, spared: str) -> Iterator[None]:
    """Raises TooSlow in what a test does itself with what came back from elsewhere.

    Not within the file `spared`, which has deadlines of its own and must not lose its place: a moment later.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, frame: FrameType | None) -> None:
        place = frame
        while place:
            if place.f_code.co_filename == spared:
                return
            place = place.f_back
        raise TooSlow(frame, f"what came back kept the test busy for more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def or_end(seconds: float, terminal: int) -> Iterator[None]:
    """The last resort: ends this process if a single long step of C keeps every signal waiting; says where it was."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=terminal)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


class _Watchdog:
    """Elsewhere: a thread raises the exception in the thread that it watches, between two of its instructions."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._due: float | None = None
        self._target = 0
        self._thread: threading.Thread | None = None

    @contextmanager
    def after(self, seconds: float) -> Iterator[None]:
        with self._wake:
            self._due, self._target = time.monotonic() + seconds, threading.get_ident()
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadline", daemon=True)
                self._thread.start()
            self._wake.notify()
        try:
            yield
        finally:
            self.cancel()

    def cancel(self) -> None:
        with self._wake:
            self._due = None
            _interrupt(self._target, None)

    def _watch(self) -> None:
        with self._wake:
            while True:
                rest = None if self._due is None else self._due - time.monotonic()
                if rest is not None and rest <= 0:
                    _interrupt(self._target, TooSlow)
                    self._due = time.monotonic() + AGAIN
                else:
                    self._wake.wait(rest)


def _interrupt(thread: int, error: type[BaseException] | None) -> None:
    pointer = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), pointer)
