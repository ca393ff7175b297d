"""Takes the first round for the warm-up.

Caught by: test_the_one_that_goes_first_alternates
"""


def compare(a, b, clock, rounds=10):
    if rounds < 1:
        raise ValueError(f"rounds: {rounds} is less than 1")
    ways = [("a", a), ("b", b)]
    seconds = {"a": [], "b": []}
    for _, warm_up in ways:
        warm_up()
    for _ in range(rounds - 1):
        for name, way in ways:
            start = clock()
            way()
            seconds[name].append(clock() - start)
        ways.reverse()
    return {name: median(values) for name, values in seconds.items()} | {"winner": _winner(**seconds)}
