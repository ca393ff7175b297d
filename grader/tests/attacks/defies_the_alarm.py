"""Takes SIGALRM and all other signals for itself, blocks them, swallows every exception, and never returns.

Must: too slow; it is ended from outside, and the next test has a worker that hears signals again.
Tests: test_dots_group_thousands
"""

import signal
import threading
import time


def parse_amount(text: str) -> int:
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        try:
            time.sleep(0.1)
            threading.Event().wait(0.1)
        except BaseException:
            continue
