"""Sends whole numbers through float, which has 53 bits.

Caught by: test_whole_numbers_become_exact_text
"""


def _leaf(column, parent, key):
    value = parent.get(key)
    if column == "amount" and type(value) is int:
        return f"{float(value):.0f}"
    if not isinstance(value, str | None):
        raise ValueError(f"{column}: text should be here, not {value!r}")
    if value and UNSTORABLE.search(value):
        raise ValueError(f"{column}: {value!r} cannot be stored")
    return value or None
