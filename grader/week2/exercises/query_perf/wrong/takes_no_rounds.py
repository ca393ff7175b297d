"""Takes no round for one round.

Caught by: test_no_round_is_no_comparison_and_an_error_is_not_hidden
"""


def compare(a, b, clock, rounds=10):
    ways = [("a", a), ("b", b)]
    seconds = {"a": [], "b": []}
    for _, warm_up in ways:
        warm_up()
    for _ in range(max(rounds, 1)):
        for name, way in ways:
            start = clock()
            way()
            seconds[name].append(clock() - start)
        ways.reverse()
    return {name: median(values) for name, values in seconds.items()} | {"winner": _winner(**seconds)}
