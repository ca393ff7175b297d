"""How much memory student code needs: measured by the tests' side, never told by the student's."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest


@dataclass
class Used:
    """`peak` is the most memory, in bytes, that was in use at one time within the block, beyond what was before it."""

    peak: int = 0


@contextmanager
def measured() -> Iterator[Used]:
    """Of this process: the student's code and the test itself."""
    used = Used()
    ours = not tracemalloc.is_tracing()
    if ours:
        tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    try:
        yield used
    finally:
        used.peak = tracemalloc.get_traced_memory()[1] - before
        if ours:
            tracemalloc.stop()


@pytest.fixture
def memory() -> Callable[[], AbstractContextManager[Used]]:
    """`with memory() as used: student.f(…)`, then `used.peak` in bytes."""
    return measured
