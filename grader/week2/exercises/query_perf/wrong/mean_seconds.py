"""Takes the mean, which remembers one outlier for ever.

Caught by: test_one_outlier_makes_no_winner_and_hides_none
"""

from statistics import mean


def compare(a, b, clock, rounds=10):
    if rounds < 1:
        raise ValueError(f"rounds: {rounds} is less than 1")
    ways = [("a", a), ("b", b)]
    seconds = {"a": [], "b": []}
    for _, warm_up in ways:
        warm_up()
    for _ in range(rounds):
        for name, way in ways:
            start = clock()
            way()
            seconds[name].append(clock() - start)
        ways.reverse()
    return {name: mean(values) for name, values in seconds.items()} | {"winner": _winner(**seconds)}
