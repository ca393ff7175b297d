"""Divides by n - 1, which leaves NaN for one row.

Caught by: test_what_has_no_value_is_none_and_not_nan, test_the_sd_is_right_for_large_amounts_close_together
"""


def _spread(values):
    numbers = pd.Series(values)
    return float(numbers.mean()), float(numbers.std())
