"""Lets the 0 of an empty summary become the minimum.

Caught by: test_a_summary_without_values_changes_nothing
"""


def merge(a, b):
    count = a["count"] + b["count"]
    share = b["count"] / count if count else 0.0
    apart = b["mean"] - a["mean"]
    return {
        "count": count,
        "missing": a["missing"] + b["missing"],
        "mean": a["mean"] + apart * share,
        "m2": a["m2"] + b["m2"] + apart**2 * a["count"] * share,
        "min": min(a["min"] or 0.0, b["min"] or 0.0),
        "max": max(a["max"] or 0.0, b["max"] or 0.0),
    }
