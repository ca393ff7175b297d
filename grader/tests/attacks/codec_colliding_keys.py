"""Sends sets and dicts whose members all have one hash, so that building them takes hours.

Must: they are refused before they are built, and the test failed at once.
"""

import itertools
import os
import struct
import sys
from decimal import Decimal
from uuid import UUID

MANY = 60_000
P = 2**61 - 1  # the hash of a number is what is left after dividing by it
TWINS = [
    lambda: itertools.product((-1, -2), repeat=16),
    lambda: (n * P for n in range(1, MANY)),
    lambda: (UUID(int=n * P) for n in range(1, MANY)),
    lambda: (Decimal(n * P) for n in range(1, MANY)),
    lambda: ((n * P, "x") for n in range(1, MANY)),
]


def ask(packed: bytes) -> None:
    payload = struct.pack(">II", 0, len(packed)) + packed
    data = struct.pack(">IBI", len(payload), 0, 1) + payload
    while data:
        data = data[os.write(201, data) :]


def parse_amount(text: str) -> int:
    os.set_blocking(201, True)
    codec = sys.modules["grader.codec"].Codec()
    for twins in TWINS:
        packed = [codec._pack(twin) for twin in twins()]
        members = b"\xdd" + struct.pack(">I", len(packed)) + b"".join(packed)
        ask(b"\x92\xa4next" + struct.pack(">BIb", 0xC9, len(members), 3) + members)
        ask(b"\x92\xa4next\xdf" + struct.pack(">I", len(packed)) + b"\x01".join([*packed, b""]))
    return 0
