"""Makes text of numbers: the zero of the phone number is gone, and nobody is told.

Caught by: test_no_float_becomes_a_decimal_and_no_number_becomes_text
"""


def to_str(cell):
    return unicodedata.normalize("NFC", str(cell).strip())
