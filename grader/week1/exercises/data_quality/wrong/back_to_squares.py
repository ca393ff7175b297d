"""Makes sums of squares of both parts, adds them and goes back.

Caught by: test_merged_m2_is_right_for_large_amounts_close_together
"""


def merge(a, b):
    count = a["count"] + b["count"]
    total = a["count"] * a["mean"] + b["count"] * b["mean"]
    mean = total / count if count else 0.0
    squares = sum(part["m2"] + part["count"] * part["mean"] ** 2 for part in (a, b))
    return {
        "count": count,
        "missing": a["missing"] + b["missing"],
        "mean": mean,
        "m2": squares - count * mean**2,
        "min": min(_present(a["min"], b["min"]), default=None),
        "max": max(_present(a["max"], b["max"]), default=None),
    }
