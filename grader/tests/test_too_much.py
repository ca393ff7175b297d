"""What is small to send and big to have is refused before it is made."""

import itertools
import time
from decimal import Decimal
from uuid import UUID

import msgpack
import pandas as pd
import pytest

from grader import frames
from grader.apart import Apart
from grader.codec import BrokenWire, Codec, Refused
from grader.deadline import TooSlow, at_most
from grader.jail import rlimits
from grader.manifest import Rule
from grader.run import Run
from grader.tests import toy
from grader.verdict import judge
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


TWINS = {
    "ints": [n * (2**61 - 1) for n in range(1, 5000)],
    "tuples": list(itertools.product((-1, -2), repeat=12)),
    "UUIDs": [UUID(int=n * (2**61 - 1)) for n in range(1, 5000)],
    "Decimals": [Decimal(n * (2**61 - 1)) for n in range(1, 5000)],
}


@pytest.mark.parametrize("twins", TWINS.values(), ids=TWINS)
def test_a_crowd_with_one_hash_is_refused_before_a_test_makes_a_set_of_it(twins):
    assert Codec().decode(Codec().encode(twins[:500])) == twins[:500]
    with pytest.raises(BrokenWire, match="collide"):
        Codec().decode(Codec().encode(twins))
    with pytest.raises(BrokenWire, match="collide"):
        Codec().decode(Codec().encode({"a": [(twin, 1) for twin in twins]}))


def test_equal_values_are_no_crowd_however_they_are_written():
    cells = [Decimal("1.0"), Decimal("1.00"), (1, 2), (-1, -2)] * 3000
    assert Codec().decode(Codec().encode(cells)) == cells


def test_a_column_of_decimals_with_one_hash_is_refused():
    frame = pd.DataFrame({"a": pd.Series(TWINS["Decimals"], dtype=object)})
    assert Codec().decode(Codec().encode(frame[:60])).shape == (60, 1)
    with pytest.raises(BrokenWire, match="collide"):
        Codec().decode(Codec().encode(frame))


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
        rule = Rule("test_toy", "numbers", 1, "", 5.0, ())
        student = run.student(exercise, rule)
        numbers = student.numbers()
        student._side.conversation._left = 0.2
        with pytest.raises(TooSlow) as slow:
            list(itertools.islice(numbers, 1_000_000))
        message = judge(slow.value, student, rule, "call").message
        assert message.endswith("all calls of this test together took more than 60 s")
        assert run.carrier.spent(exercise) > 0.2
        student._side.end()
        run.carrier.close()
    finally:
        zygote.close()


def sleep_for(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.01)


def test_what_a_test_does_itself_has_an_end():
    with pytest.raises(TooSlow), at_most(0.1, spared="nothing"):
        sleep_for(10)


def test_who_has_deadlines_of_his_own_is_not_interrupted():
    with at_most(0.1, spared=__file__):
        sleep_for(0.5)


HANDED_ON = """
    def first() -> list:
        return []

    def second(value: list) -> int:
        return 1
"""


def test_a_result_that_cannot_be_handed_on_costs_points(tmp_path):
    student = toy.student(tmp_path, HANDED_ON)
    rule = Rule("test_toy", "first", 1, "", 5.0, ())
    nested = student.first()
    for _ in range(800):
        nested = [nested]
    for before, outcome in ((1, "failed"), (0, "not graded")):
        student._calls[:] = student._calls[:before]
        with pytest.raises(Refused) as refused:
            student.second((nested,))
        assert judge(refused.value, student, rule, "call").outcome == outcome
