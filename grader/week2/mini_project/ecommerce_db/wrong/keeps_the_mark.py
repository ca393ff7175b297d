"""Reads "utf-8", so the first column is called "\\ufeffcustomer_id".

Caught by: test_sound_files_come_in_whole
"""


def records(path, columns):
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for column in columns:
            if column not in (reader.fieldnames or ()):
                raise ValueError(f"{path.name} has no column {column}")
        yield from reader
