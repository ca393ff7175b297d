"""Looks for None only: one NaN makes every figure NaN.

Caught by: test_a_summary_counts_what_is_missing_and_leaves_it_out
"""


def summarise(values):
    present = [value for value in values if value is not None]
    mean = math.fsum(present) / len(present) if present else 0.0
    return {
        "count": len(present),
        "missing": len(values) - len(present),
        "mean": mean,
        "m2": math.fsum((value - mean) ** 2 for value in present),
        "min": min(present, default=None),
        "max": max(present, default=None),
    }
