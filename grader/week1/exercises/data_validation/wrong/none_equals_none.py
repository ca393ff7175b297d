"""Takes a missing cell for equal to None: what nobody asked for is required.

Caught by: test_zero_is_present_and_blank_text_is_not
"""


def required_if(row, column, when):
    asked = all(row.get(other) == value for other, value in when.items())
    return not asked or not is_missing(row.get(column))
