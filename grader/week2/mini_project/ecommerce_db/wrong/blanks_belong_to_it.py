"""Does not trim the cells.

Caught by: test_sound_files_come_in_whole
"""


def read_cells(table, raw):
    values, reason = [], None
    for column, reader in READERS[table].items():
        value = None
        try:
            if raw[column].strip():
                value = reader(raw[column])
            elif column not in OPTIONAL:
                raise ValueError("missing")
        except ValueError as error:
            reason = reason or f"{column}: {error}"
        values.append(value)
    return values, reason
