"""How fast servers are there, and what a lane in one costs: for `grade bench servers`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from grader import origin, service
from grader.exercise import Exercise
from grader.service import Lanes, Unavailable

LANES = 20


def servers() -> Iterator[str]:
    """PostgreSQL from Docker <= 2.5 s if its image is here, from its wheel <= 0.5 s once it ran; a lane <= 0.3 s."""
    for name in service.names():
        for place in ("docker", "embedded", "compose"):
            yield f"{service.service(name).TITLE:<10} {place:<9} {_server(name, place)}"


def _server(name: str, place: str) -> str:
    try:
        ready = [_ready(name, place) for _ in range(3)]
        running = origin.find(name, place)
    except Unavailable as error:
        return f"not here: {str(error).partition(': ')[2][:80]}"
    try:
        lanes = service.service(name).lanes(running.server)
        figures = f"ready {min(ready):.2f} s ({max(ready):.2f}), lane {_lane(lanes)}"
        lanes.close()
    finally:
        running.stop()
    return f"{figures}, version {running.server.version}"


def _ready(name: str, place: str) -> float:
    origin.compose_ports.cache_clear()
    started = time.perf_counter()
    running = origin.find(name, place)
    seconds = time.perf_counter() - started
    running.stop()
    return seconds


def _lane(lanes: Lanes) -> str:
    """Made and taken away again, for an exercise that is given nothing."""
    exercise, took = Exercise(Path("nowhere"), "week2/exercises/bench.py"), []
    with lanes.lane(exercise, 2026):  # makes the template
        pass
    for _ in range(LANES):
        started = time.perf_counter()
        with lanes.lane(exercise, 2026):
            pass
        took.append(time.perf_counter() - started)
    return f"{statistics.median(took) * 1000:.0f} ms (slowest {max(took) * 1000:.0f})"
