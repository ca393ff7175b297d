"""Takes percentiles between two measured values.

Caught by: test_percentiles_are_values_that_were_measured
"""


def _percentile(values, p):
    ordered = sorted(values)
    place = p / 100 * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
