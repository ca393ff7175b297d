"""Rounds down a product that is already a little too small: 0.011 becomes 1.0 %.

Caught by: test_only_a_score_of_1_prints_as_100_per_cent
"""


def _per_cent(score):
    return "-" if score is None else f"{math.floor(score * 100 * 10) / 10} %"
