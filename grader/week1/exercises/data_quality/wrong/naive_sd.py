"""Takes the sd from the mean of the squares, and hides what comes out negative.

Caught by: test_the_sd_is_right_for_large_amounts_close_together
"""


def _spread(values):
    mean = sum(map(float, values)) / len(values)
    variance = sum(float(value) ** 2 for value in values) / len(values) - mean**2
    return mean, math.sqrt(max(variance, 0.0))
