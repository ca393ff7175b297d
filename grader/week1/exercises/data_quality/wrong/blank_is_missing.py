"""Throws blank cells and missing cells together.

Caught by: test_blank_and_missing_are_counted_apart
"""


def _plain(cells):
    values = [cell.to_pydatetime() if isinstance(cell, pd.Timestamp) else cell for cell in cells.tolist()]
    return [value for value in values if not (isinstance(value, str) and _is_blank(value))]
