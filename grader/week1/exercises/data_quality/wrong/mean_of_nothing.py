"""Divides by the number of values also when there is none.

Caught by: test_the_summary_of_no_values_is_empty_and_no_error
"""


def summarise(values):
    present = [value for value in values if value is not None and not math.isnan(value)]
    mean = math.fsum(present) / len(present)
    return {
        "count": len(present),
        "missing": len(values) - len(present),
        "mean": mean,
        "m2": math.fsum((value - mean) ** 2 for value in present),
        "min": min(present),
        "max": max(present),
    }
