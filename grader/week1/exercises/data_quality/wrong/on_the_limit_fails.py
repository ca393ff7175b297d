"""Takes a score on the limit for one below it.

Caught by: test_a_score_on_the_limit_passes
"""


def _verdict(name, score, limit):
    if limit["fail"] > limit["warn"]:
        raise ValueError(f"{name}: fail {limit['fail']} is above warn {limit['warn']}")
    if score is None or math.isnan(score):
        return "unknown"
    if score <= limit["fail"]:
        return "fail"
    return "warn" if score <= limit["warn"] else "pass"
