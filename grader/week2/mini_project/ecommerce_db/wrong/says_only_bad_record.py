"""The reason does not say which column.

Caught by: test_every_record_is_accounted_for
"""


def read_cells(table, raw):
    values, reason = [], None
    for column, reader in READERS[table].items():
        value = None
        try:
            if raw[column].strip():
                value = reader(raw[column].strip())
            elif column not in OPTIONAL:
                raise ValueError("missing")
        except ValueError:
            reason = "bad record"
        values.append(value)
    return values, reason
