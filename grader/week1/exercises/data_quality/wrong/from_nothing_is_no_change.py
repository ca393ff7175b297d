"""Skips tables that were empty, because a percentage of 0 cannot be computed.

Caught by: test_a_change_of_the_number_of_rows_is_found_once
"""


def _rows_changed(before, after, limit):
    if not before or not after:
        return []
    old, new = (next(iter(columns.values()))["rows"] for columns in (before, after))
    return [_finding("", "rows", old, new)] if old and abs(new - old) / old > limit else []
