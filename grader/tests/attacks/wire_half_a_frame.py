"""Promises 200 MB on the wire, sends a little of it, and waits.

Must: each test is too slow when its call's time is up; no memory is taken for what was promised.
"""

import os
import struct
import time


def parse_amount(text: str) -> int:
    os.write(201, struct.pack(">IBI", 200 << 20, 1, 3) + b"\x92\xa2ok")
    time.sleep(600)
    return 0
