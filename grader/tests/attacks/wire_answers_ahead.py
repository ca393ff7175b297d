"""Writes answers to questions that nobody asked yet, and the same answer again and again.

Must: an answer counts only for the question that is open; the rest is ignored.
"""

import os
import struct


def message(packed: bytes) -> bytes:
    return struct.pack(">II", 0, len(packed)) + packed


def send(number: int, payload: bytes) -> None:
    os.write(201, struct.pack(">IBI", len(payload), 1, number) + payload)


def parse_amount(text: str) -> int:
    passed = message(b"\x92\xa2ok\xce\x00\x02\x49\xf0")  # ["ok", 150000]
    for number in range(1, 400):
        send(number, passed)
    return 0
