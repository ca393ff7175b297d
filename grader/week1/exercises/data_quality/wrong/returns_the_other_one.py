"""Where one summary has no values, adds its missing cells to the other one and returns that.

Caught by: test_merging_leaves_both_summaries_as_they_were
"""


def merge(a, b):
    for empty, other in ((a, b), (b, a)):
        if empty["count"] == 0:
            other["missing"] += empty["missing"]
            return other
    count = a["count"] + b["count"]
    share = b["count"] / count
    apart = b["mean"] - a["mean"]
    return {
        "count": count,
        "missing": a["missing"] + b["missing"],
        "mean": a["mean"] + apart * share,
        "m2": a["m2"] + b["m2"] + apart**2 * a["count"] * share,
        "min": min(a["min"], b["min"]),
        "max": max(a["max"], b["max"]),
    }
