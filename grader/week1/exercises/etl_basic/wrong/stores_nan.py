"""Stores the word nan where nothing is.

Caught by: test_a_first_load_stores_every_row
"""


def _stored(column):
    if column.dtype.kind == "M":
        return [f"{second}Z" for second in column.dt.tz_convert(None).to_numpy("datetime64[s]").astype(str)]
    return column.fillna("nan").tolist() if column.dtype == "str" else column.tolist()
