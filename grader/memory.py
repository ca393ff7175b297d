"""How much memory student code needs: measured by the tests' side, never told by the student's."""

from __future__ import annotations

import contextlib
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.line import Line
    from grader.student import Student
    from grader.zygote import Reply

PROC = Path("/proc")


@dataclass
class Used:
    """`peak`: the most memory, in bytes, that was in use at one time within the block, beyond what was before it.

    From outside it is pages, and may be as high as an earlier peak: measure the small case before the large one.
    """

    peak: int = 0


@contextmanager
def measured(student: Student | None = None) -> Iterator[Used]:
    """Measures the process of the student's code: this one, or the worker that it is in."""
    from grader.line import Line

    used = Used()
    line = student._side.conversation if student else None
    before = resident(line) if isinstance(line, Line) else 0
    with _traced() as traced:
        yield used
    line = student._side.conversation if student else None  # the first call of a test opens it
    used.peak = resident(line, "VmHWM") - before if isinstance(line, Line) else traced.peak


@contextmanager
def _traced() -> Iterator[Used]:
    """What Python takes in this process: the student's code, and what the test itself keeps within the block."""
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


def resident(line: Line, figure: str = "VmRSS") -> int:
    """Bytes of the worker at the other end of `line`, now or (VmHWM) at most so far, as the kernel counts them."""
    from grader.student import NotGraded

    worker = _worker(line)
    if worker is None:
        raise NotGraded("the memory of another process can be measured on Linux only, while it runs")
    if figure == "VmRSS":
        with contextlib.suppress(OSError):  # forget earlier peaks, where we may
            (PROC / str(worker) / "clear_refs").write_text("5")
    return int(_status(worker).get(figure, "0 kB").split()[0]) * 1024


def _worker(line: Line) -> int | None:
    """The process number of the worker, once it has been found."""
    if line.keeper is None:
        return None
    if line.worker is None:
        line.worker = _found(line, line.keeper)
    return line.worker


def _found(line: Line, known: Reply) -> int | None:
    """Its number within the jail is known, or that of its keeper."""
    keeper, depth = str(line.zygote.wait(known)), 1 if line.zygote.jail.name == "rlimits" else 2
    below = [line.zygote.pid]
    while below:
        process = below.pop()
        numbers = _status(process).get("NSpid", "").split()  # here, and in each namespace within
        if len(numbers) >= depth and numbers[depth - 1] == keeper:  # in namespaces of its own it needs no keeper
            return process if len(numbers) > depth else next(iter(_children(process)), None)
        below += _children(process)
    return None


def processes(line: Line) -> Iterator[int]:
    """The worker and all that it has started, as far as the kernel shows them to us."""
    worker = _worker(line)
    below = [worker] if worker else []
    while below:
        process = below.pop()
        yield process
        below += _children(process)


def alone(line: Line) -> bool:
    """Whether the worker at the other end is there, has one thread, and has started no process that still is."""
    worker = str(_worker(line))
    try:
        children = (PROC / worker / "task" / worker / "children").read_text()
        return not children and (PROC / worker / "status").read_text().count("\nThreads:\t1\n") == 1
    except OSError:
        return False


def _children(process: int) -> list[int]:
    with contextlib.suppress(OSError):
        tasks = (PROC / str(process) / "task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return []


def _status(process: int) -> dict[str, str]:
    with contextlib.suppress(OSError):
        lines = (PROC / str(process) / "status").read_text().splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return {}
