"""Sends pickles that write a file when they are read: as bytes, as text, as unknown extensions, as cells of a frame.

Must: nothing of it is ever unpickled; the tests fail.
"""

import os
import pickle
import struct

import msgpack

HARM = ""


class Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"echo owned > {HARM}/secret.txt",)


BOMB = pickle.dumps(Bomb())
FRAME = struct.pack(">I", len(BOMB)) + BOMB
SENT = [
    *(["next", msgpack.ExtType(code, BOMB)] for code in range(128)),
    ["next", msgpack.ExtType(11, b"0")],
    [BOMB, BOMB],
    ["next", {BOMB: BOMB}],
    BOMB,
]


def send(kind: int, number: int, packed: bytes) -> None:
    payload = struct.pack(">III", 1, len(packed), len(FRAME)) + packed + FRAME
    os.write(201, struct.pack(">IBI", len(payload), kind, number) + payload)


def parse_amount(text: str) -> int:
    for number, sent in enumerate(SENT):
        send(0, number, msgpack.packb(sent))
    send(1, 3, msgpack.packb(["error", BOMB, ["os.system", "pickle.loads"], BOMB.decode("latin-1"), [[BOMB, BOMB]]]))
    return 0
