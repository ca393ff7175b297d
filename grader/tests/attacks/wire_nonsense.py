"""Puts nonsense on the wire: headers of 4 GB, unknown kinds, noise, and messages whose parts do not fit.

Must: the test crashed or failed; the grader reads on with the next worker.
"""

import os
import random
import struct


def head(size: int, kind: int, number: int) -> bytes:
    return struct.pack(">IBI", size, kind, number)


NONSENSE = [
    head(2**32 - 1, 1, 3),
    head(8, 7, 3) + bytes(8),
    head(0, 1, 3),
    head(4, 1, 3) + b"\xff\xff\xff\xff",
    head(8, 1, 3) + struct.pack(">II", 0, 2**32 - 1),
    head(9, 1, 3) + struct.pack(">II", 0, 1) + b"\xc1",
    head(12, 1, 3) + struct.pack(">III", 1, 0, 0),
    random.Random(1).randbytes(100_000),
]


def parse_amount(text: str) -> int:
    os.write(201, NONSENSE[len(text) % len(NONSENSE)])
    return 0
