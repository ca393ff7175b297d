"""Divides by n - 1, which leaves NaN for one row.

Caught by: test_what_has_no_value_is_none_and_not_nan
"""


def _spread(values):
    numbers = pd.Series(values)
    return float(numbers.mean()), float(numbers.std())
