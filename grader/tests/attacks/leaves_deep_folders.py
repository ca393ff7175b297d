"""Leaves folders in folders, four thousand deep, and folders that nobody may enter, so that cleaning up fails.

Must: failed, never *not graded*; they are gone when the test is over.
Tests: test_a_first_load_stores_every_row, test_a_rerun_doubles_no_reject
"""

import os
from pathlib import Path

DEPTH = 4000


def dig(folder: Path) -> None:
    before = Path.cwd()
    os.chdir(folder)
    (folder / "closed" / "within").mkdir(parents=True)
    for _ in range(DEPTH):
        Path("deep").mkdir()
        os.chdir("deep")
    Path("file").touch()
    os.chdir(before)
    (folder / "closed").chmod(0)


def load(db: Path, clean: object) -> dict[str, int]:
    dig(db.parent)
    return {}


def run(sources: list[Path], db: Path) -> dict:
    dig(db.parent)
    os._exit(0)
