"""Turns whatever is there into text: ["paid"] becomes the status "['paid']".

Caught by: test_a_value_of_another_type_is_rejected_not_guessed
"""


def _leaf(column, parent, key):
    value = parent.get(key)
    return None if value in (None, "") else str(value)
