"""Compares the first column with the first, the second with the second.

Caught by: test_columns_that_vanish_appear_or_change_their_kind_are_found
"""


def compare(before, after, limits):
    findings = _rows_changed(before, after, limits["rows"])
    findings += [_finding(name, "column_gone", before[name]["kind"], None) for name in before if name not in after]
    findings += [_finding(name, "column_new", None, after[name]["kind"]) for name in after if name not in before]
    for name, old, new in zip(before, before.values(), after.values()):
        findings += _column_changed(name, old, new, limits)
    return sorted(findings, key=lambda finding: (finding["column"], finding["metric"]))
