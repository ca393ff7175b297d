"""Times the first call, too.

Caught by: test_the_first_call_is_not_timed
"""


def compare(a, b, clock, rounds=10):
    if rounds < 1:
        raise ValueError(f"rounds: {rounds} is less than 1")
    ways = [("a", a), ("b", b)]
    seconds = {"a": [], "b": []}
    for _ in range(rounds):
        for name, way in ways:
            start = clock()
            way()
            seconds[name].append(clock() - start)
        ways.reverse()
    return {name: median(values) for name, values in seconds.items()} | {"winner": _winner(**seconds)}
