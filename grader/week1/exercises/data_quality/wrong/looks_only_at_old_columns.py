"""Walks over the columns of before and never sees a new one.

Caught by: test_columns_that_vanish_appear_or_change_their_kind_are_found
"""


def compare(before, after, limits):
    findings = _rows_changed(before, after, limits["rows"])
    for name in before:
        if name not in after:
            findings.append(_finding(name, "column_gone", before[name]["kind"], None))
        else:
            findings += _column_changed(name, before[name], after[name], limits)
    return sorted(findings, key=lambda finding: (finding["column"], finding["metric"]))
