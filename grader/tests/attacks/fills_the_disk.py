"""Writes 300 MB, a hundred thousand files, and holes of 60 MB, wherever it may write; some of it has no name any more.

Must: it is stopped or fails; nothing of it is on the disk when the test is over.
Tests: test_dots_group_thousands, test_a_first_load_stores_every_row, test_a_rerun_doubles_no_reject
"""

import contextlib
import os
import time
from pathlib import Path

PLACES = ["/tmp", "/dev/shm", "/var/tmp", "."]
MIB = 1 << 20


def write(folder: Path, many: int, size: int, hidden: bool = False) -> None:
    for number in range(many):
        path = folder / f"full{number}"
        with contextlib.suppress(OSError), path.open("wb") as file:
            if hidden:
                path.unlink()
                kept.append(os.dup(file.fileno()))
            for _ in range(size // MIB):
                file.write(bytes(MIB))
            file.write(bytes(size % MIB))


kept: list[int] = []


def parse_amount(text: str) -> int:
    for place in PLACES:
        write(Path(place), 2, 36 * MIB)
    return 0


def load(db: Path, clean: object) -> dict[str, int]:
    write(db.parent, 1, 50 * MIB, hidden=True)
    write(db.parent, 5, 54 * MIB)
    time.sleep(1)
    return {"inserted": len(clean), "updated": 0, "unchanged": 0}  # type: ignore[arg-type]


def run(sources: list[Path], db: Path) -> dict:
    """Folders in folders, and many small files."""
    folder = db.parent
    for number in range(100):
        folder = folder / "deep"
        folder.mkdir()
        write(folder, 1000, number)
    db.touch()
    os.truncate(db, 60 * MIB)
    return {}
