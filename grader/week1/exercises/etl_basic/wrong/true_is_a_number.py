"""Asks isinstance(value, int), and True is an int: an order of "True" dong.

Caught by: test_a_value_of_another_type_is_rejected_not_guessed
"""


def _leaf(column, parent, key):
    value = parent.get(key)
    if column == "amount" and isinstance(value, int):
        return str(value)
    if not isinstance(value, str | None):
        raise ValueError(f"{column}: text should be here, not {value!r}")
    if value and UNSTORABLE.search(value):
        raise ValueError(f"{column}: {value!r} cannot be stored")
    return value or None
