"""Asks the tests' side for callables and iterators that were never lent, and for everything that has a name there.

Must: each question is answered with an error, none is carried out, and no secret comes out.
"""

import os
import struct

import msgpack

HARM = ""


def message(packed: bytes) -> bytes:
    return struct.pack(">II", 0, len(packed)) + packed


def ask(number: int, question: object) -> bytes:
    payload = message(msgpack.packb(question))
    os.write(201, struct.pack(">IBI", len(payload), 0, number) + payload)
    os.set_blocking(200, True)
    size, _, _ = struct.unpack(">IBI", os.read(200, 9))
    os.set_blocking(200, False)
    return os.read(200, size)


def mine(number: object, kind: str = "callable") -> msgpack.ExtType:
    """A reference to something that is said to live on the tests' side."""
    return msgpack.ExtType(13, msgpack.packb([kind, number, "open", True]))


QUESTIONS = [
    *(["callback", number, [f"{HARM}/secret.txt"], {}] for number in (0, 1, -1, 2**63, 1.5, True, None, "open", [0])),
    *(["next", number] for number in (0, 1, -1, None, "x", {})),
    *(["close", number] for number in (0, 1, -1)),
    *([verb] for verb in ("load", "call", "exchange", "lent", "__class__", "", None, 7, [])),
    ["call", "parse_amount", ["1"], {}, False],
    ["callback", mine(0), [], {}],
    ["next", mine(0, "iterator")],
    ["callback", 0, [mine(n) for n in range(50)], {"self": 1}],
    ["get", mine(0, "object"), "__globals__"],
    [],
    {},
    None,
]


def parse_amount(text: str) -> int:
    answers = [ask(number, question) for number, question in enumerate(QUESTIONS, 1)]
    raise ValueError(b" ".join(answers))
