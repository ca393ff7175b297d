"""Never looks whether fail is above warn.

Caught by: test_impossible_limits_and_no_limits_are_refused
"""


def _verdict(name, score, limit):
    if score is None or math.isnan(score):
        return "unknown"
    if score < limit["fail"]:
        return "fail"
    return "warn" if score < limit["warn"] else "pass"
