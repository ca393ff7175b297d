"""Lets everything pass when there are no limits.

Caught by: test_impossible_limits_and_no_limits_are_refused
"""


def judge(scores, limits):
    by = {name: _verdict(name, scores.get(name), limit) for name, limit in limits.items()}
    found = [verdict for verdict in ("fail", "unknown", "warn") if verdict in by.values()]
    return {"verdict": found[0] if found else "pass", "by": by}
