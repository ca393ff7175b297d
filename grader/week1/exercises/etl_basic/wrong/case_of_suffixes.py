"""Knows .csv, but not the .CSV of a branch with an old computer.

Caught by: test_the_table_does_not_depend_on_order_grouping_or_repetition_of_files, test_one_broken_file_is_reported_and_the_rest_is_loaded
"""


def _extract(path):
    readers = {".csv": extract_csv, ".json": extract_json}
    if path.suffix not in readers:
        raise ValueError(f"{path.name} is neither .csv nor .json")
    return readers[path.suffix](path)
