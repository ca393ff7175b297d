"""Takes unknown for milder than a warning.

Caught by: test_the_worst_verdict_is_the_verdict
"""


def judge(scores, limits):
    if not limits:
        raise ValueError("no limits: nothing would be judged")
    by = {name: _verdict(name, scores.get(name), limit) for name, limit in limits.items()}
    worst = next(verdict for verdict in ("fail", "warn", "unknown", "pass") if verdict in by.values())
    return {"verdict": worst, "by": by}
