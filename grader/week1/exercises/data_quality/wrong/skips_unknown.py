"""Judges only the scores that it has.

Caught by: test_a_score_that_is_not_known_never_passes
"""


def judge(scores, limits):
    if not limits:
        raise ValueError("no limits: nothing would be judged")
    known = {name: score for name, score in scores.items() if score is not None and name in limits}
    by = {name: _verdict(name, score, limits[name]) for name, score in known.items()}
    worst = next(verdict for verdict in ("fail", "unknown", "warn", "pass") if verdict in by.values())
    return {"verdict": worst, "by": by}
