"""Gives a small part the weight of a large one.

Caught by: test_parts_merge_to_the_summary_of_the_whole
"""


def merge(a, b):
    if not a["count"] or not b["count"]:
        return (a if a["count"] else b) | {"missing": a["missing"] + b["missing"]}
    mean = (a["mean"] + b["mean"]) / 2
    return {
        "count": a["count"] + b["count"],
        "missing": a["missing"] + b["missing"],
        "mean": mean,
        "m2": a["m2"] + b["m2"] + a["count"] * (a["mean"] - mean) ** 2 + b["count"] * (b["mean"] - mean) ** 2,
        "min": min(a["min"], b["min"]),
        "max": max(a["max"], b["max"]),
    }
