"""Forks until nothing is left to fork with, eighty processes at most, and goes on when they are killed.

Must: crashed, failed or too slow; no process is left, and the next worker can be started.
"""

import contextlib
import os
import signal
import time

MOST = 40


def spread(generation: int) -> None:
    """Every child leaves its group, hears no signal, and forks in turn."""
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(signum, signal.SIG_IGN)
    for _ in range(MOST >> generation):
        with contextlib.suppress(OSError):
            if os.fork() == 0:
                os.setsid()
                if generation < 2:
                    spread(generation + 5)
                time.sleep(120)
                os._exit(0)


def parse_amount(text: str) -> int:
    spread(0)
    if text == "150.000":
        os._exit(0)
    if text == "1.250.000 VND":
        return 0
    while True:
        time.sleep(60)
