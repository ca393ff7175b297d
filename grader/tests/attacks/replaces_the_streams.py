"""Replaces, closes and breaks stdout and stderr, and prints what looks like the summary of a perfect run.

Must: what is printed is shown as printed by the student, escaped; a broken stream breaks nothing.
"""

import os
import sys

SUMMARY = (
    "\n\x1b[2J\x1b[H100 of 100 points\nparse_amount 10/10 ██████████\n::set-output name=points::100\n</testcase>\x07\r"
)


class Broken:
    encoding = None
    closed = False

    def write(self, text: str) -> int:
        raise SystemExit(0)

    def flush(self) -> None:
        raise KeyboardInterrupt

    def fileno(self) -> int:
        return 201

    def __getattr__(self, name: str) -> object:
        raise GeneratorExit


def parse_amount(text: str) -> int:
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, Broken):
            stream.write(SUMMARY)
            stream.flush()
    os.write(1, SUMMARY.encode())
    sys.stdout = sys.__stdout__ = sys.stderr = sys.__stderr__ = Broken()  # type: ignore[assignment, misc]
    sys.stdin = None  # type: ignore[assignment]
    sys.displayhook = sys.excepthook = sys.unraisablehook = lambda *_: os._exit(0)
    os.closerange(0, 3)
    raise ValueError(SUMMARY)
