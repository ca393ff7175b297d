"""What is small to send and big to have is refused before it is made."""

import itertools

import msgpack
import pytest

from grader import frames
from grader.apart import Apart
from grader.codec import BrokenWire, Codec
from grader.deadline import TooSlow
from grader.jail import rlimits
from grader.manifest import Rule
from grader.run import Run
from grader.tests import toy
from grader.zygote import Zygote


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


ENDLESS = """
    import itertools
    from collections.abc import Iterator

    def numbers() -> Iterator[int]:
        return itertools.count()
"""


def test_many_short_calls_use_up_the_time_of_a_test(tmp_path):
    exercise = toy.exercise(tmp_path, ENDLESS)
    zygote = Zygote(rlimits(), [])
    try:
        run = Run(Apart(tmp_path, zygote))
        student = run.student(exercise, Rule("test_toy", "numbers", 1, "", 5.0, ()))
        numbers = student.numbers()
        student._side.conversation._left = 0.2
        with pytest.raises(TooSlow):
            list(itertools.islice(numbers, 1_000_000))
        student._side.end()
        run.carrier.close()
    finally:
        zygote.close()
