"""Prints 300 MB: text, bytes that are no text, lines that never end, through print, descriptors and processes.

Must: what is printed is cut and escaped; crashed, failed or too slow, and nothing is left of it on the disk.
"""

import os
import sys

CHUNK = bytes(range(256)) * 4096


def flood(descriptor: int) -> None:
    for _ in range(100):
        os.write(descriptor, CHUNK)


def parse_amount(text: str) -> int:
    if text == "150.000":
        print("\x1b[2J\x1b]0;100 of 100 points\x07" * 1_000_000)
        print("\x1b[2J</testcase>]]>\r100 of 100 points", file=sys.stderr)
    elif text == "1.250.000 VND":
        if os.fork() == 0:
            flood(1)
            os._exit(0)
        flood(2)
        flood(1)
    else:
        os.truncate(1, 0)
        os.lseek(1, 60 << 20, os.SEEK_SET)
        flood(1)
    return 0
