"""Compares numbers of missing cells, and a table that grows is an alarm.

Caught by: test_a_change_of_the_share_of_missing_cells_is_found
"""


def _column_changed(name: str, old: dict, new: dict, limits: dict[str, float]) -> list[dict]:
    findings = []
    if old["kind"] != new["kind"]:
        findings.append(_finding(name, "kind", old["kind"], new["kind"]))
    if old["rows"] and new["rows"]:
        shares = old["missing"] / old["rows"], new["missing"] / new["rows"]
        if abs(new["missing"] - old["missing"]) > limits["missing"] * old["missing"]:
            findings.append(_finding(name, "missing", *shares))
    means = old["mean"], new["mean"]
    if None not in means and abs(means[1] - means[0]) > limits["mean"] * old["sd"]:
        findings.append(_finding(name, "mean", *means))
    return findings
