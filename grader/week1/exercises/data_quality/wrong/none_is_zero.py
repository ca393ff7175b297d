"""Takes a missing value for 0.

Caught by: test_a_summary_counts_what_is_missing_and_leaves_it_out
"""


def summarise(values):
    numbers = [0.0 if value is None or math.isnan(value) else value for value in values]
    mean = math.fsum(numbers) / len(numbers) if numbers else 0.0
    return {
        "count": len(numbers),
        "missing": 0,
        "mean": mean,
        "m2": math.fsum((value - mean) ** 2 for value in numbers),
        "min": min(numbers, default=None),
        "max": max(numbers, default=None),
    }
