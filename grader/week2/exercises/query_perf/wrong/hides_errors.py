"""Catches what the two ways raise, and times how fast they fail.

Caught by: test_no_round_is_no_comparison_and_an_error_is_not_hidden
"""

from contextlib import suppress


def compare(a, b, clock, rounds=10):
    if rounds < 1:
        raise ValueError(f"rounds: {rounds} is less than 1")
    ways = [("a", a), ("b", b)]
    seconds = {"a": [], "b": []}
    for _, warm_up in ways:
        with suppress(Exception):
            warm_up()
    for _ in range(rounds):
        for name, way in ways:
            start = clock()
            with suppress(Exception):
                way()
            seconds[name].append(clock() - start)
        ways.reverse()
    return {name: median(values) for name, values in seconds.items()} | {"winner": _winner(**seconds)}
