"""Leaves processes behind: forked twice, in sessions of their own, as orphans that hold all pipes open, and zombies.

Must: none of them is there when the test is over, and nobody waits for them.
"""

import os
import signal
import subprocess
import time


def daemon(again: bool) -> None:
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        for signum in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(signum, signal.SIG_IGN)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if again and os.fork():  # nobody can know its number for long
                os._exit(0)
            time.sleep(0.01)
        os._exit(0)


def parse_amount(text: str) -> int:
    for again in (False, False, True):
        daemon(again)
    if os.fork() == 0:
        os._exit(0)  # a zombie
    subprocess.Popen(["sleep", "60"], start_new_session=True)
    subprocess.Popen(["sh", "-c", "sleep 60 & sleep 60 & exec sleep 60"], process_group=0)
    if text == "150.000":
        os.kill(os.getpid(), signal.SIGKILL)
    return 0
