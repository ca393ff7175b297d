"""Looks for absent parts only, and refuses an order whose customer is null.

Caught by: test_absent_and_null_parts_are_missing_cells
"""


def _object(column, part):
    if not isinstance(part, dict):
        raise ValueError(f"{column}: an object should be here, not {part!r}")
    return part
