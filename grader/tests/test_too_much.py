"""What is small to send and big to have is refused before it is made."""

import msgpack
import pytest

from grader import frames
from grader.codec import BrokenWire, Codec


def nothing(columns, rows):
    """A frame in which every cell is missing: no byte of them is sent."""
    head = msgpack.packb([list(range(columns)), ["object[empty]"] * columns, rows, [[None]] * columns])
    return len(head).to_bytes(4, "big") + head


def message(value, *parts):
    packed = msgpack.packb(value)
    sizes = [len(part).to_bytes(4, "big") for part in (packed, *parts)]
    return b"".join([len(parts).to_bytes(4, "big"), *sizes, packed, *parts])


def frame_number(number):
    return msgpack.ExtType(11, b"%d" % number)


def test_missing_cells_cost_nothing_to_send_but_are_counted():
    assert frames.decode(nothing(2, 1000)).shape == (1000, 2)
    with pytest.raises(ValueError, match="too many cells"):
        frames.decode(nothing(900, 10_000_000))


def test_cells_are_counted_over_all_frames_of_a_message(monkeypatch):
    monkeypatch.setattr(frames, "MOST_CELLS", 1000)
    assert len(Codec().decode(message([frame_number(0)], nothing(1, 90)))[0]) == 90
    with pytest.raises(BrokenWire, match="too many cells"):
        Codec().decode(message([frame_number(n) for n in range(20)], *[nothing(1, 90)] * 20))


def test_the_head_of_a_frame_has_a_limit_of_its_own():
    head = b"\xdd" + (2 << 20).to_bytes(4, "big") + b"\x90" * (2 << 20)
    with pytest.raises(ValueError, match="do not fit"):
        frames.decode(len(head).to_bytes(4, "big") + head)
