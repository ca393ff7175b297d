"""Gives a score of 1 where nothing was checked.

Caught by: test_nothing_checked_has_no_score
"""


def _score(right):
    checked, failed = len(right), int((~right).sum())
    return {"score": 1 - failed / checked if checked else 1.0, "checked": checked, "failed": failed}
