"""Lets the format round: 0.9999 becomes 100.0 %.

Caught by: test_only_a_score_of_1_prints_as_100_per_cent
"""


def _per_cent(score):
    return "-" if score is None else f"{score * 100:.1f} %"
