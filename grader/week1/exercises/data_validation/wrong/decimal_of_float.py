"""Makes a decimal of a float by way of its text, as if 0.1 were a tenth.

Caught by: test_no_float_becomes_a_decimal_and_no_number_becomes_text
"""


def to_decimal(cell):
    return Decimal(text_of(str(cell), DIGITS + r"(\.[0-9]+)?"))
