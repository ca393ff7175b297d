"""Writes the data of a week: every file by its own seeded generator, and a page that names the planted faults."""

from __future__ import annotations

import importlib
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

Writer = Callable[[Path, random.Random, int], dict[str, int]]


class UnknownWeek(ValueError):
    """There is no data for this week; the text says for which there is."""


def files_of(root: Path, week: str) -> Mapping[str, Writer]:
    """File name -> writer(path, rng, scale), which returns the planted faults by kind."""
    weeks = sorted(path.parent.name for path in (root / "grader").glob("*/data.py"))
    if week not in weeks:
        raise UnknownWeek(f"there is no data for {week!r}; there is for {', '.join(weeks)}")
    files: Mapping[str, Writer] = importlib.import_module(f"grader.{week}.data").FILES
    return files


def folder_of(root: Path, week: str, scale: int) -> Path:
    """Where the data goes: the committed files are those of scale 1, bigger ones lie beside them."""
    folder = root / week / "data"
    return folder if scale == 1 else folder / f"x{scale}"


def write_week(
    files: Mapping[str, Writer],
    folder: Path,
    seed: int,
    scale: int,
    progress: Callable[[str, int, int], None] = lambda name, place, size: None,
) -> None:
    """Writes all files; the same seed and scale give the same bytes. A file README.md is the beginning of the page.

    `progress(name, place, size)` is told, again and again, the file, how many were written before it, and its size.
    """
    faults = {}
    for place, (name, writer) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with _watched(path, lambda size, name=name, place=place: progress(name, place, size)):  # type: ignore[misc]
            faults[name] = writer(path, random.Random(f"{seed}:{name}"), scale)
    page = folder / "README.md"
    about = page.read_text(encoding="utf-8") if page.name in files else "# Data of Sao Mai\n"
    page.write_text(_readme(about, faults, seed, scale), encoding="utf-8", newline="\n")


@contextmanager
def _watched(path: Path, tell: Callable[[int], None], every: float = 0.2) -> Iterator[None]:
    """Tells the size of a growing file until the block ends."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(every):
            tell(path.stat().st_size if path.exists() else 0)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    tell(path.stat().st_size if path.exists() else 0)


def _readme(about: str, faults: dict[str, dict[str, int]], seed: int, scale: int) -> str:
    size = "" if scale == 1 else f" at {scale} times the size"
    lines = [
        about,
        f"Written by `grade data` with seed {seed}{size}; do not edit. The faults in it are planted:",
        "",
        "| file | fault | how many |",
        "|---|---|---:|",
    ]
    for name, kinds in faults.items():
        lines += [f"| {name} | {kind.replace('_', ' ')} | {many} |" for kind, many in sorted(kinds.items())]
    return "\n".join(lines) + "\n"
