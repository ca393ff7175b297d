"""Leaves it to int(), which takes "1_000", Arabic digits, True and 12.9.

Caught by: test_only_digits_and_whole_floats_become_integers
"""


def to_int(cell):
    return int(cell)
