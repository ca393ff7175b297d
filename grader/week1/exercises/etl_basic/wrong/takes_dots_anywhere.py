"""Removes the dots before it looks where they are: "150.5" is 1505.

Caught by: test_every_other_spelling_of_an_amount_is_refused
"""


def parse_amount(text):
    digits = re.sub(r"\s*(đ|₫|VND)$", "", text.strip(), flags=re.IGNORECASE).replace(".", "")
    if not re.fullmatch("[0-9]{1,19}", digits) or int(digits) >= 2**63:
        raise ValueError(f"{text!r} is no amount in dong")
    return int(digits)
