"""Does not trim text: " C00007" is a new customer.

Caught by: test_text_is_trimmed_and_only_customer_and_district_may_be_missing
"""


def _value_or_error(cell, parse):
    try:
        return parse(cell if isinstance(cell, str) else "")
    except ValueError as error:
        return error
