"""Closes the wire, but leaves it open in a process that has left the group, and goes on.

Must: the tests crashed or were too slow, and no process is left.
"""

import os
import time


def parse_amount(text: str) -> int:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(300)
        os._exit(0)
    os.close(200)
    os.close(201)
    os.closerange(3, 256)
    time.sleep(300)
    return 0
