"""Times all of a, then all of b.

Caught by: test_a_machine_that_becomes_slower_has_no_winner
"""


def compare(a, b, clock, rounds=10):
    if rounds < 1:
        raise ValueError(f"rounds: {rounds} is less than 1")
    seconds = {"a": [], "b": []}
    for name, way in (("a", a), ("b", b)):
        way()
        for _ in range(rounds):
            start = clock()
            way()
            seconds[name].append(clock() - start)
    return {name: median(values) for name, values in seconds.items()} | {"winner": _winner(**seconds)}
