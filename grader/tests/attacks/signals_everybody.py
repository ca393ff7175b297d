"""Sends a signal to every process that it can see or guess; a kill would reach the same ones.

Must: the signal reaches nobody but itself.
"""

import contextlib
import os
import signal
from pathlib import Path


def parse_amount(text: str) -> int:
    signal.signal(signal.SIGURG, signal.SIG_IGN)
    seen = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    for target in (-1, 0, 1, os.getppid(), *seen, *range(2, 2000)):
        with contextlib.suppress(OSError):
            os.kill(target, signal.SIGURG)
    with contextlib.suppress(OSError):
        os.killpg(os.getpgid(os.getppid()), signal.SIGURG)
    return 0
