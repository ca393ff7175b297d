"""Figures for what the course promises about speed; anyone can run them, and no test looks at them.

Where two commands are compared they run in turn, and the ratio is the median of the pairs: machines drift.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader.apart import Apart
from grader.bench_servers import servers
from grader.datasets.write import files_of
from grader.deadline import Deadlines
from grader.exercise import Exercise, find_all
from grader.inprocess import InProcess
from grader.manifest import Rule
from grader.run import Run
from grader.selftest import trusted
from grader.shard import Job
from grader.supervisor import run_jobs

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def pairs(
    first: Callable[[], object], second: Callable[[], object], rounds: int = ROUNDS
) -> tuple[float, float, float]:
    """Median seconds of both, and the median of their ratios; one round before is not counted."""
    first(), second()
    times = [(seconds(first), seconds(second)) for _ in range(rounds)]
    a, b = (statistics.median(column) for column in zip(*times, strict=True))
    return a, b, statistics.median(x / y for x, y in times)


def command(*arguments: str | Path, **environment: str) -> Callable[[], None]:
    def run() -> None:
        subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT, check=False, stdout=subprocess.DEVNULL, env={**os.environ, **environment},
        )  # fmt: skip

    return run


def start() -> Iterator[str]:
    """`pytest week1` on untouched stubs against a pytest with one empty test."""
    with tempfile.TemporaryDirectory() as folder:
        answers, empty = Path(folder, "answers"), Path(folder, "test_empty.py")
        _answers(answers, "stub")
        empty.write_text("def test_nothing():\n    pass\n", encoding="utf-8")
        ours = command("-m", "pytest", "week1", f"--answers={answers}")
        a, b, ratio = pairs(ours, command("-m", "pytest", empty, "-c", ROOT / "pyproject.toml"))
    yield f"pytest week1 on stubs {a:.2f} s, empty pytest {b:.2f} s: {ratio:.2f} × (promised: at most 1.5 ×)"


def overhead() -> Iterator[str]:
    """The hidden tests on solutions, through plugin and codec, against the same tests calling the file directly."""
    for exercise in find_all(ROOT):
        with tempfile.TemporaryDirectory() as folder:
            _answers(Path(folder), "solution")
            ours = command("-m", "pytest", exercise.id, f"--answers={folder}", "-p", "no:cacheprovider")
            direct = command("-m", "grader.direct", exercise.tests, exercise.solution)
            a, b, ratio = pairs(ours, direct)
        yield f"{exercise.id}: {a:.2f} s, called directly {b:.2f} s: {ratio:.2f} × (promised: at most 1.1 ×)"


def codec() -> Iterator[str]:
    """A frame of 1,000,000 rows against Arrow, and 10,000 records against json."""
    import pyarrow as pa

    from grader.codec import Codec

    wire, frame, records = Codec(), _frame(1_000_000), _records(10_000)

    def arrow() -> None:
        sink = pa.BufferOutputStream()
        table = pa.Table.from_pandas(frame, preserve_index=False)
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        pa.ipc.open_stream(sink.getvalue()).read_all().to_pandas()

    a, b, ratio = pairs(lambda: wire.decode(wire.encode(frame)), arrow)
    yield f"1,000,000 rows there: {a:.3f} s, Arrow IPC to pandas {b:.3f} s: {ratio:.2f} ×"
    a, b, ratio = pairs(lambda: wire.decode(wire.encode(records)), lambda: json.loads(json.dumps(records)))
    yield f"10,000 records: {a * 1000:.1f} ms, json {b * 1000:.1f} ms: {ratio:.2f} × (promised: at most 3 ×)"


def call() -> Iterator[str]:
    """One call of a small function, and a fresh worker, in this process and in the best jail."""
    with tempfile.TemporaryDirectory() as folder:
        _answers(Path(folder), "solution")
        exercise = _exercise("etl_basic")
        yield f"in this process: {_calls(Run(InProcess(Path(folder), Deadlines())), exercise)}"
        zygote, _ = trusted("", ["pandas", "pyarrow"], [])
        run = Run(Apart(Path(folder), zygote))
        yield f"{zygote.jail.name}: {_calls(run, exercise)} (promised: 0.2 ms a call, worker ready in 30 ms)"
        run.carrier.close()
        zygote.close()


def _calls(run: Run, exercise: Exercise, many: int = 2000) -> str:
    """Seconds a call, and until a fresh module or worker has given its first answer."""

    def first() -> None:
        student = run.student(exercise, rule)
        student.parse_amount("1.000")
        student._side.end()

    rule = Rule("bench", "parse_amount", 1, "", 60.0, ())
    ready = statistics.median(seconds(first) for _ in range(20))
    student = run.student(exercise, rule)
    each = min(seconds(lambda: [student.parse_amount("1.250.000 đ") for _ in range(many)]) for _ in range(3)) / many
    return f"{each * 1e6:.0f} µs a call, first answer of a fresh one after {ready * 1000:.1f} ms"


def apart() -> Iterator[str]:
    """All of week 1's solutions with --apart, against the same in one process."""
    with tempfile.TemporaryDirectory() as folder:
        _answers(Path(folder), "solution")
        plain = ["-m", "pytest", "week1", f"--answers={folder}", "-p", "no:cacheprovider"]
        a, b, ratio = pairs(command(*plain, "--apart"), command(*plain), rounds=3)
    yield f"--apart {a:.2f} s, in one process {b:.2f} s: {ratio:.2f} × (promised: at most 1.3 ×)"


def submissions() -> Iterator[str]:
    """What each further submission costs a process that has collected the tests of etl_basic once."""
    exercise = _exercise("etl_basic")
    with tempfile.TemporaryDirectory() as folder:
        _answers(Path(folder), "solution")
        took = {}
        for many in (1, 6):
            jobs = [Job(f"{n}", folder, 2026, level="apart") for n in range(many)]
            took[many] = seconds(lambda jobs=jobs: run_jobs(exercise, jobs))  # type: ignore[misc]
    yield f"the first {took[1]:.1f} s, each further one {(took[6] - took[1]) / 5:.2f} s"


def etl() -> Iterator[str]:
    """`run` of etl_basic's solution on week 1's order files at 50 times their size."""
    with tempfile.TemporaryDirectory() as folder:
        sources = [str(path) for path in _data(Path(folder), "orders_", 50)]
        yield from _measured("etl_basic", f"run([Path(s) for s in {sources}], Path({folder!r}) / 'shop.db')", "read")


def logs() -> Iterator[str]:
    """`ingest` of log_analyzer's solution on 1,000,000 lines, rotated, compressed, cut; then a script without state."""
    with tempfile.TemporaryDirectory() as folder:
        _data(Path(folder), "logs/", 334)
        place = f"Path({folder!r}) / 'logs'"
        yield from _measured("log_analyzer", f"ingest({place}, Path({folder!r}) / 'metrics.db')", "lines")
        yield from _measured(
            "log_analyzer",
            f"(lambda hits: {{'hits': len(hits), 'windows': window_metrics(hits, 5)}})({_PLAIN % place})",
            "hits",
        )


_PLAIN = "[h for p in sorted((%s).glob('access.log*')) for o, line in read_lines(p) for h in hit_or_nothing(line)]"
"""All hits in one list: no batches, nothing remembered, and everything again with the next call."""


def _data(folder: Path, prefix: str, scale: int) -> list[Path]:
    """Files of week 1 at `scale` times their size."""
    paths = []
    for name, writer in files_of(ROOT, "week1").items():
        if name.startswith(prefix):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            writer(path, random.Random(f"2026:{name}"), scale)
            paths.append(path)
    return paths


def _exercise(name: str) -> Exercise:
    return next(exercise for exercise in find_all(ROOT) if exercise.name == name)


def _measured(name: str, expression: str, count: str) -> Iterator[str]:
    """Seconds, things per second and peak memory of one expression on a solution, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, _exercise(name).solution.parent, expression, count],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    yield done.stdout.strip() or done.stderr.strip()


_MEASURE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from solution import *
import time as clock

def hit_or_nothing(line):
    try:
        return [parse_line(line)]
    except ValueError:
        return []

def most():  # the kernel's peak of this process; getrusage would count the one that it was forked from
    try:
        return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    except OSError:
        return 0

base = most()
started = clock.perf_counter()
result = eval(sys.argv[2])
took = clock.perf_counter() - started
peak = most()
many = result[sys.argv[3]]
print(f"{many:,} {sys.argv[3]} in {took:.1f} s: {many / took:,.0f} a second, "
      f"peak {peak / 1024:.0f} MiB, {base / 1024:.0f} MiB of it before")
"""


def generator() -> Iterator[str]:
    """1,000,000 orders drawn one by one."""
    from grader.datasets.orders import orders

    tracemalloc.start()
    for _ in orders(random.Random("2026:orders"), 20_000):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    took = seconds(lambda: sum(1 for _ in orders(random.Random("2026:orders"), 1_000_000)))
    yield f"1,000,000 orders in {took:.1f} s: {1_000_000 / took:,.0f} a second; 20,000 held {peak / 1e6:.1f} MB at most"


BENCHMARKS: dict[str, Callable[[], Iterator[str]]] = {
    work.__name__: work for work in (start, overhead, codec, call, apart, servers, submissions, generator, etl, logs)
}


def run(names: list[str]) -> None:
    for name in names:
        print(f"{name}: {(BENCHMARKS[name].__doc__ or '').strip()}", flush=True)
        for line in BENCHMARKS[name]():
            print(f"    {line}", flush=True)


def _answers(folder: Path, kind: str) -> None:
    """Every exercise's stub or solution, laid out as answers."""
    for exercise in find_all(ROOT):
        target = folder / exercise.id
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((exercise.folder / f"{kind}.py").read_bytes())


def _frame(rows: int) -> Any:
    import numpy as np
    import pandas as pd

    numbers = np.arange(rows)
    days = pd.date_range("2026-01-01", periods=rows, freq="s", tz="UTC").astype("datetime64[us, UTC]")
    text = pd.Series(np.char.add("SM-", numbers.astype(str)), dtype="str")
    return pd.DataFrame({"order_id": text, "amount": numbers * 1000, "score": numbers / 7, "ordered_at": days})


def _records(many: int) -> list[dict[str, object]]:
    return [
        {
            "order_id": f"SM-{n:06}",
            "district": "Cầu Giấy",
            "amount": n * 1000,
            "paid": n % 2 == 0,
            "lines": [n, n + 1],
            "rate": n / 7,
        }
        for n in range(many)
    ]
