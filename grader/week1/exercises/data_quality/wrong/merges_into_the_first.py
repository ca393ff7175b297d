"""Adds the second summary into the first.

Caught by: test_merging_leaves_both_summaries_as_they_were
"""


def merge(a, b):
    count = a["count"] + b["count"]
    share = b["count"] / count if count else 0.0
    apart = b["mean"] - a["mean"]
    a["m2"] += b["m2"] + apart**2 * a["count"] * share
    a["count"] = count
    a["missing"] += b["missing"]
    a["mean"] += apart * share
    a["min"] = min(_present(a["min"], b["min"]), default=None)
    a["max"] = max(_present(a["max"], b["max"]), default=None)
    return a
