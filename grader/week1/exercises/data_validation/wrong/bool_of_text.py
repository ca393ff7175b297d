"""Leaves it to bool(): every text that is not empty is True, "False" too.

Caught by: test_the_text_false_becomes_false
"""


def to_bool(cell):
    return bool(cell)
