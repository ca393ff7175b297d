"""Adds the m2 of both parts and forgets that their means are apart.

Caught by: test_parts_merge_to_the_summary_of_the_whole, test_order_and_grouping_of_the_parts_do_not_matter
"""


def merge(a, b):
    count = a["count"] + b["count"]
    share = b["count"] / count if count else 0.0
    return {
        "count": count,
        "missing": a["missing"] + b["missing"],
        "mean": a["mean"] + (b["mean"] - a["mean"]) * share,
        "m2": a["m2"] + b["m2"],
        "min": min(_present(a["min"], b["min"]), default=None),
        "max": max(_present(a["max"], b["max"]), default=None),
    }
