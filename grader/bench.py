"""Figures for what the course promises about speed; anyone can run them, and no test looks at them.

Where two commands are compared they run in turn, and the ratio is the median of the pairs: machines drift.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader.exercise import find_all

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
    """One call of a small function through the codec, in this process."""
    from grader.deadline import Deadlines
    from grader.inprocess import InProcess
    from grader.manifest import Rule
    from grader.run import Run

    with tempfile.TemporaryDirectory() as folder:
        _answers(Path(folder), "solution")
        exercise = next(e for e in find_all(ROOT) if e.name == "etl_basic")
        rule = Rule("bench", "parse_amount", 1, "", 5.0, ())
        student = Run(InProcess(Path(folder), Deadlines())).student(exercise, rule)
        student.parse_amount("1.000")
        many = 2000
        each = min(seconds(lambda: [student.parse_amount("1.250.000 đ") for _ in range(many)]) for _ in range(3)) / many
    yield f"a call in this process: {each * 1e6:.0f} µs"


def etl() -> Iterator[str]:
    """`run` of etl_basic's solution on week 1's order files at 50 times their size."""
    from grader.datasets.write import files_of

    exercise = next(e for e in find_all(ROOT) if e.name == "etl_basic")
    with tempfile.TemporaryDirectory() as folder:
        sources = []
        for name, writer in files_of(ROOT, "week1").items():
            if name.startswith("orders_"):
                sources.append(Path(folder, name))
                writer(sources[-1], _rng(name), 50)
        yield from _measured(
            exercise.solution, f"run({sources!r}, Path({folder!r}) / 'shop.db')".replace("Posix", ""), "read"
        )


def logs() -> Iterator[str]:
    """`ingest` of log_analyzer's solution on 1,000,000 lines, rotated and compressed."""
    from grader.datasets.access_log import write_rotated

    exercise = next(e for e in find_all(ROOT) if e.name == "log_analyzer")
    with tempfile.TemporaryDirectory() as folder:
        write_rotated(Path(folder, "logs"), _rng("logs"), 1_000_000)
        yield from _measured(
            exercise.solution, f"ingest(Path({folder!r}) / 'logs', Path({folder!r}) / 'm.db')", "lines"
        )


def _measured(solution: Path, expression: str, count: str) -> Iterator[str]:
    """Seconds, things per second and peak memory of one expression, in a process of its own."""
    code = (
        "import sys, time, resource; from pathlib import Path; sys.path.insert(0, sys.argv[1]); from solution import *\n"
        "base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; t = time.perf_counter()\n"
        f"r = {expression}\n"
        "t = time.perf_counter() - t; peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"n = r[{count!r}]; print(f'{{n:,}} {count} in {{t:.1f}} s: {{n / t:,.0f}} a second, '\n"
        "f'peak {peak / 1024:.0f} MiB ({base / 1024:.0f} MiB of it after the imports)')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, solution.parent], capture_output=True, text=True, check=False)
    yield done.stdout.strip() or done.stderr.strip()


def generator() -> Iterator[str]:
    """1,000,000 orders drawn one by one."""
    from grader.datasets.orders import orders

    tracemalloc.start()
    for _ in orders(_rng("orders"), 20_000):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    took = seconds(lambda: sum(1 for _ in orders(_rng("orders"), 1_000_000)))
    yield f"1,000,000 orders in {took:.1f} s: {1_000_000 / took:,.0f} a second; 20,000 of them held {peak / 1e6:.1f} MB at most"


BENCHMARKS: dict[str, Callable[[], Iterator[str]]] = {
    work.__name__: work for work in (start, overhead, codec, call, generator, etl, logs)
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


def _rng(name: str) -> Any:
    import random

    return random.Random(f"2026:{name}")


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
