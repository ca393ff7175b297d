"""Memory is measured, never told."""

import tracemalloc

from grader.memory import measured

MIB = 1024 * 1024


def test_the_peak_within_the_block_counts_and_not_what_was_before():
    before = bytearray(8 * MIB)
    with measured() as used:
        for _ in range(3):
            bytearray(2 * MIB)
    assert 1.9 * MIB < used.peak < 3 * MIB
    assert len(before) == 8 * MIB
    assert not tracemalloc.is_tracing()


def test_measuring_twice_in_one_another_is_possible():
    with measured() as outer:
        with measured() as inner:
            bytearray(MIB)
        assert tracemalloc.is_tracing()
    assert 0.9 * MIB < inner.peak < outer.peak + MIB / 10
