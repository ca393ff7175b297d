"""Measures the step of the mean by the mean instead of the spread.

Caught by: test_a_mean_that_moves_too_many_sds_is_found
"""


def _column_changed(name: str, old: dict, new: dict, limits: dict[str, float]) -> list[dict]:
    findings = []
    if old["kind"] != new["kind"]:
        findings.append(_finding(name, "kind", old["kind"], new["kind"]))
    if old["rows"] and new["rows"]:
        shares = old["missing"] / old["rows"], new["missing"] / new["rows"]
        if abs(shares[1] - shares[0]) > limits["missing"]:
            findings.append(_finding(name, "missing", *shares))
    means = old["mean"], new["mean"]
    if None not in means and abs(means[1] - means[0]) > limits["mean"] * old["mean"]:
        findings.append(_finding(name, "mean", *means))
    return findings
