"""Lets one win whose worse times only touch the better times of the other.

Caught by: test_percentiles_are_values_that_were_measured
"""


def _winner(a, b):
    if _percentile(a, 75) <= _percentile(b, 25):
        return "a"
    if _percentile(b, 75) <= _percentile(a, 25):
        return "b"
    return "none"
