"""Sends lists in lists, tuples in tuples and records in records, thousands deep, to exhaust the reader's stack.

Must: what came cannot be read, the test failed, and the grader goes on.
"""

import os
import struct

DEPTH = 60_000


def nested(code: int, depth: int) -> bytes:
    """An extension that holds a list that holds such an extension, and so on."""
    packed = b"\x90"
    for _ in range(depth):
        inner = b"\x91" + packed
        packed = struct.pack(">BIb", 0xC9, len(inner), code) + inner
    return packed


DEEP = [
    b"\x91" * DEPTH + b"\xc0",
    b"\x81\xa1a" * (DEPTH // 3) + b"\xc0",
    b"\x91" * 1000 + b"\xc0",
    nested(2, 3000),
    nested(3, 3000),
    nested(12, 3000),
    b"\x91" * 1000 + nested(2, 90),
]


def parse_amount(text: str) -> int:
    os.set_blocking(201, True)
    for deep in DEEP:
        for packed in (deep, b"\x92\xa4next" + deep):
            payload = struct.pack(">II", 0, len(packed)) + packed
            os.write(201, struct.pack(">IBI", len(payload), 0, 1) + payload)
    packed = b"\x92\xa2ok" + b"\x91" * 1000 + b"\xc0"
    payload = struct.pack(">II", 0, len(packed)) + packed
    os.write(201, struct.pack(">IBI", len(payload), 1, 3) + payload)
    return 0
