"""Stops at the first missing column and names only that one.

Caught by: test_a_missing_or_repeated_column_is_named
"""


def _places(path, header):
    try:
        return [header.index(name) for name in TEXT]
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
