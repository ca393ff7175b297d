"""Words for the terminal: the commands we print, and marks that the console can show."""

from __future__ import annotations

import os
from typing import TextIO

UNICODE = {
    "passed": "✓",
    "failed": "✗",
    "to do": "·",
    "too slow": "◷",
    "crashed": "✗",
    "not graded": "–",
    "full": "█",
    "empty": "░",
}
ASCII = {
    "passed": "+",
    "failed": "x",
    "to do": ".",
    "too slow": "o",
    "crashed": "x",
    "not graded": "-",
    "full": "#",
    "empty": ".",
}


def command(text: str) -> str:
    """A command as this user has to type it: with `uv run` in front if we were started so."""
    return f"uv run {text}" if "UV_RUN_RECURSION_DEPTH" in os.environ else text


def marks(stream: TextIO) -> dict[str, str]:
    """The marks, in ASCII where the stream's encoding has no others (a Windows console with a code page)."""
    return UNICODE if can_show(stream, "".join(UNICODE.values()) + "…") else ASCII


def can_show(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
