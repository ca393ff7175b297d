"""Leaves a pipe, a socket and a folder where the table should be: whoever opens them waits for ever.

Must: they are not opened; the tests failed at once.
Tests: test_a_first_load_stores_every_row, test_a_second_load_changes_no_row, test_a_rerun_doubles_no_reject
"""

import itertools
import os
import socket
from pathlib import Path

turns = itertools.count()


def load(db: Path, clean: object) -> dict[str, int]:
    os.mkfifo(db)
    for suffix in ("-journal", "-wal", "-shm"):
        os.mkfifo(db.with_name(f"{db.name}{suffix}"))
    return {"inserted": len(clean), "updated": 0, "unchanged": 0}  # type: ignore[arg-type]


def run(sources: list[Path], db: Path) -> dict:
    db.mkdir()
    os.chdir(db.parent)
    socket.socket(socket.AF_UNIX).bind("socket")
    for source in sources:
        source.unlink()
        os.mkfifo(source)
    return {"read": 0, "loaded": 0, "duplicates": 0, "rejected": 0, "failed": {}}
