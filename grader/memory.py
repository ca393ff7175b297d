"""How much memory student code needs: measured by the tests' side, never told by the student's."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Used:
    """`peak`: the most memory, in bytes, that was in use at one time within the block, beyond what was before it."""

    peak: int = 0


@contextmanager
def measured() -> Iterator[Used]:
    """Measures this process: the student's code, and what the test itself keeps within the block."""
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
