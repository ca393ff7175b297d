"""Subtracts the square of the mean from the mean of the squares.

Caught by: test_m2_is_right_for_large_amounts_close_together
"""


def summarise(values):
    present = [value for value in values if value is not None and not math.isnan(value)]
    count = len(present)
    mean = sum(present) / count if count else 0.0
    squares = sum(value * value for value in present) / count if count else 0.0
    return {
        "count": count,
        "missing": len(values) - count,
        "mean": mean,
        "m2": (squares - mean * mean) * count,
        "min": min(present, default=None),
        "max": max(present, default=None),
    }
