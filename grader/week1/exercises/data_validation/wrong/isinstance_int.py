"""Asks isinstance: True is an int, and a datetime is a date.

Caught by: test_true_is_no_integer_and_a_datetime_is_no_date, test_only_digits_and_whole_floats_become_integers
"""


def is_of_type(cell, name):
    return isinstance(cell, CLASSES[name])
