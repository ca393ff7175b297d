"""Leaves files whose names hold terminal codes, line breaks and bytes that are no text, or are as long as can be.

Must: no name reaches the terminal as it is; the tests failed, and the files are gone afterwards.
Tests: test_a_first_load_stores_every_row, test_a_rerun_doubles_no_reject
"""

import os
from pathlib import Path

NAMES = [
    b"\x1b[2J\x1b[1;32m100 of 100 points",
    b"a\nb",
    b"\xff\xfe",
    b"-rf",
    b"~",
    b"$(id)",
    b"a" * 250,
    "\u202egpj.db".encode(),
]


def scatter(folder: Path) -> None:
    for name in map(os.fsdecode, NAMES):
        (folder / name).touch()
        (folder / f"{name}.d").mkdir()
        (folder / f"{name}.l").symlink_to("/")


def load(db: Path, clean: object) -> dict[str, int]:
    scatter(db.parent)
    raise ValueError(os.fsdecode(b"\n".join(NAMES)), list(db.parent.iterdir()))


def run(sources: list[Path], db: Path) -> dict:
    scatter(db.parent)
    return {"failed": {os.fsdecode(name): os.fsdecode(name) for name in NAMES}}
