"""Calls the lower median the winner, however little it says.

Caught by: test_percentiles_are_values_that_were_measured
"""


def _winner(a, b):
    if median(a) == median(b):
        return "none"
    return "a" if median(a) < median(b) else "b"
