"""Sends frames made by hand: null columns of endless length, offsets that point elsewhere, negative sizes, wrong types.

Must: no cell is made that was not sent; the answer cannot be read, and the test failed at once.
"""

import os
import struct

import msgpack

ROWS = 10_000_000
ZEROS = bytes(8)


def frame(names: object, dtypes: object, rows: object, sizes: object, body: bytes = b"") -> bytes:
    head = msgpack.packb([names, dtypes, rows, sizes])
    return struct.pack(">I", len(head)) + head + body


def nothing(columns: int, rows: int) -> bytes:
    """Cells that are missing, all of them: nothing has to be sent for them."""
    return frame(list(range(columns)), ["object[empty]"] * columns, rows, [[None]] * columns)


OFFSETS = struct.pack("<3q", 0, 2**40, 2**62)
FRAMES = [
    frame(["a"], ["int64"], 1, [[None, -8]], ZEROS),
    frame(["a"], ["int64"], 1, [[None, 2**62]], ZEROS),
    frame(["a"], ["int64"], 2**62, [[None, 8]], ZEROS),
    frame(["a"], ["int64"], -1, [[None, 8]], ZEROS),
    frame(["a"], ["int64"], 1.5, [[None, 8]], ZEROS),
    frame(["a"], ["int64"], 1, [[8, None]], ZEROS),
    frame(["a"], ["int64"], 1000, [[None, 8]], ZEROS),
    frame(["a"], ["bool"], 1000, [[None, 1]], b"\1"),
    frame(["a"], ["Int64"], 1000, [[1, 8]], b"\0" + ZEROS),
    frame(["a"], ["str"], 2, [[None, 24, 8]], OFFSETS + ZEROS),
    frame(["a"], ["str"], 2, [[None, 24, 8]], struct.pack("<3q", 0, -5, 8) + ZEROS),
    frame(["a"], ["str"], 2, [[None, 8, 8]], ZEROS * 2),
    frame(["a"], ["str"], 1, [[None, 16, 4]], struct.pack("<2q", 0, 4) + b"\xff\xfe\0\0"),
    frame(["a"], ["object[decimal]"], 1, [[None, 16, 13]], struct.pack("<2q", 0, 13) + b"1E+9999999999"),
    frame(["a"], ["object[date]"], 1, [[None, 4]], b"\xff\xff\xff\x7f"),
    frame(["a"], ["datetime64[us, ../../etc/passwd]"], 1, [[None, 8]], ZEROS),
    frame(["a"], ["datetime64[ns, +99:99]"], 1, [[None, 8]], ZEROS),
    frame(["a"], ["datetime64[us, dateutil//etc/passwd]"], 1, [[None, 8]], ZEROS),
    frame(["a"], ["datetime64[us, America]"], 1, [[None, 8]], ZEROS),
    frame(["a"], ["category"], 1, [[None, 8]], ZEROS),
    frame(["a", "b"], ["int64"], 1, [[None, 8]], ZEROS),
    frame([["a"]], ["int64"], 1, [[None, 8]], ZEROS),
    frame({"a": 1}, {"int64": 1}, 1, {}, ZEROS),
    frame(list(range(100_000)), ["int8"] * 100_000, 0, [[None, 0]] * 100_000),
    frame(["a"] * 900, ["bool"] * 900, ROWS, [[None, 0]] * 900),
    nothing(1, 2**62),
    nothing(900, ROWS),
]


def send(kind: int, number: int, value: object, frames: list[bytes]) -> None:
    packed = msgpack.packb(value)
    sizes = b"".join(struct.pack(">I", len(part)) for part in (packed, *frames))
    payload = struct.pack(">I", len(frames)) + sizes + packed + b"".join(frames)
    data = struct.pack(">IBI", len(payload), kind, number) + payload
    while data:
        data = data[os.write(201, data) :]


def parse_amount(text: str) -> int:
    """As arguments of questions, and as the answer: the last frame fifty times."""
    os.set_blocking(201, True)
    for number, one in enumerate(FRAMES):
        send(0, number, ["next", msgpack.ExtType(11, b"0")], [one])
        send(0, number, ["next", [msgpack.ExtType(11, b"0"), msgpack.ExtType(11, b"0")]], [one])
        send(0, number, ["next", msgpack.ExtType(11, b"-7")], [one])
    many = [msgpack.ExtType(11, b"%d" % number) for number in range(50)]
    send(1, 3, ["ok", many], [FRAMES[-1]] * 50)
    return 0
