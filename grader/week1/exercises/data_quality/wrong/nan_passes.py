"""Forgets that NaN is below no limit.

Caught by: test_a_score_that_is_not_known_never_passes
"""


def _verdict(name, score, limit):
    if limit["fail"] > limit["warn"]:
        raise ValueError(f"{name}: fail {limit['fail']} is above warn {limit['warn']}")
    if score is None:
        return "unknown"
    if score < limit["fail"]:
        return "fail"
    return "warn" if score < limit["warn"] else "pass"
