"""Asks pandas whether a column is numeric; a bool column is.

Caught by: test_every_kind_of_column_has_its_values_as_plain_python
"""


def _kind(cells):
    if pd.api.types.is_numeric_dtype(cells):
        return "number"
    return "time" if pd.api.types.is_datetime64_any_dtype(cells) else "text"
