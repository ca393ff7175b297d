"""What a worker takes of the disk: what lies in its test's folder, and what nobody can see there any more."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from grader.wire import Closed

MOST_WRITTEN = 256 * 1024 * 1024
MOST_FILES = 10_000
MOST_PATH = 2000
UNSEEN = 64 * 1024 * 1024
"""Bytes that may be missing on the disk without being in the folder, before it is looked who has them."""
FULL = 0.02
"""Below this part of free space an answer that has taken much of it is ended, wherever it hides it."""

PROC = Path("/proc")


@dataclass
class Disk:
    """Watches one folder for as long as a worker may write to it; `processes` are those of the worker."""

    folder: Path
    processes: Callable[[], Iterable[int]]
    before: int = field(init=False)

    def __post_init__(self) -> None:
        self.before = self._free()[0]

    def check(self) -> None:
        """Raises Closed if more was written than any answer needs; what a single file may have is limited besides."""
        seen = _seen(self.folder)
        free, size = self._free()
        missing = self.before - free - seen
        if missing < UNSEEN:
            return
        hidden = _hidden(self.processes(), self.folder.stat().st_dev)
        if seen + hidden > MOST_WRITTEN:
            raise _too_much()
        if missing > MOST_WRITTEN and free < FULL * size:
            raise Closed("the disk ran full while it wrote")

    def _free(self) -> tuple[int, int]:
        """Bytes that are free on this file system, and all of them."""
        if not hasattr(os, "statvfs"):
            return 0, 0
        status = os.statvfs(self.folder)
        return status.f_bfree * status.f_frsize, status.f_blocks * status.f_frsize


def _too_much() -> Closed:
    return Closed(f"it wrote more than {MOST_WRITTEN // 2**20} MiB or {MOST_FILES:,} files")


def _seen(folder: Path) -> int:
    """Bytes of the files in a folder and below it."""
    files = total = 0
    todo = [folder]
    while todo and files <= MOST_FILES and total <= MOST_WRITTEN:
        if len(str(todo[-1])) > MOST_PATH:  # deeper down nobody could look
            raise Closed("it made folders in folders without end")
        with contextlib.suppress(OSError), os.scandir(todo.pop()) as entries:
            for entry in itertools.islice(entries, MOST_FILES + 1):
                files += 1
                if entry.is_dir(follow_symlinks=False):
                    todo.append(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
    if files > MOST_FILES or total > MOST_WRITTEN:
        raise _too_much()
    return total


def _hidden(processes: Iterable[int], device: int) -> int:
    """Bytes of files that have no name any more, but are open, or mapped, in one of these processes."""
    found: dict[int, int] = {}
    for process in processes:
        with contextlib.suppress(OSError), os.scandir(PROC / str(process) / "fd") as descriptors:
            for descriptor in descriptors:
                _add(Path(descriptor.path), device, found)
        with contextlib.suppress(OSError), os.scandir(PROC / str(process) / "map_files") as mappings:
            for mapping in mappings:
                _add(Path(mapping.path), device, found)
    return sum(found.values())


def _add(path: Path, device: int, found: dict[int, int]) -> None:
    with contextlib.suppress(OSError):
        status = path.stat()
        if stat.S_ISREG(status.st_mode) and status.st_nlink == 0 and status.st_dev == device:
            found[status.st_ino] = status.st_blocks * 512
