"""Fills the disk with files that have no name any more: kept open, mapped, and by processes that it starts.

Must: it is stopped before a gigabyte is gone.
Tests: test_a_first_load_stores_every_row, test_a_rerun_doubles_no_reject, test_a_second_load_changes_no_row
"""

import contextlib
import mmap
import os
import time
from pathlib import Path
from typing import Any

MIB = 1 << 20
kept: list[Any] = []


def write(folder: Path, size: int) -> int:
    """A descriptor of a file without a name."""
    path = folder / f"{os.getpid()}-{len(kept)}"
    file = os.open(path, os.O_RDWR | os.O_CREAT)
    path.unlink()
    for _ in range(size // MIB):
        os.write(file, bytes(MIB))
    kept.append(file)
    return file


def load(db: Path, clean: Any) -> dict[str, int]:
    """The first table is right: who fills the disk should not have it."""
    import sqlite3

    for _ in range(8):
        write(db.parent, 60 * MIB)
    time.sleep(1.5)
    with contextlib.closing(sqlite3.connect(db)) as shop:
        clean.to_sql("orders", shop, index=False)
    return {"inserted": len(clean), "updated": 0, "unchanged": 0}


def run(sources: list[Path], db: Path) -> dict[str, Any]:
    for _ in range(8):
        file = write(db.parent, 60 * MIB)
        kept.append(mmap.mmap(file, 60 * MIB))
        os.close(file)
    for _ in range(4):
        if os.fork() == 0:
            for _ in range(4):
                write(db.parent, 60 * MIB)
            time.sleep(60)
    time.sleep(1.5)
    return {}
