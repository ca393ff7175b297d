"""Stores times as pandas prints them: 2026-02-28 19:00:00+00:00.

Caught by: test_a_first_load_stores_every_row
"""


def _stored(column):
    cells = column.astype(str) if column.dtype.kind == "M" else column.astype(object).where(column.notna(), None)
    return cells.tolist()
