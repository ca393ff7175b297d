"""From the first call on, a test never opens by itself what student code can change: a link may lie there by now.

It reads through the fixtures `files` and `sqlite`, and writes to `inbox`. Who forgets that hears of it at once, also
when no student does any harm: this is for those who write tests.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

EVENTS = {"open", "os.mkdir", "os.rename", "os.truncate", "os.chmod", "os.chown", "os.utime", "sqlite3.connect"}

_theirs: set[str] = set()


def hands_off(folder: Path) -> None:
    """Student code may write there from now on."""
    _watch()
    _theirs.add(f"{folder}{os.sep}")


def over(folder: Path) -> None:
    """The folder is gone, or about to go."""
    _theirs.discard(f"{folder}{os.sep}")


@cache
def _watch() -> None:
    sys.addaudithook(_look)


def _look(event: str, args: tuple[Any, ...]) -> None:
    if _theirs and event in EVENTS:
        for path in args[:2]:
            if isinstance(path, (str, bytes, os.PathLike)) and os.fsdecode(path).startswith(tuple(_theirs)):
                raise PermissionError(
                    f"a test must not touch {os.fsdecode(path)} itself, student code can change it: "
                    "read through the fixtures `files` and `sqlite`, write to `inbox`"
                )
