"""Trusts int() and float(): "150.000" is 150, and "1_000" and "٣٠٠٠" pass.

Caught by: test_dots_group_thousands, test_every_other_spelling_of_an_amount_is_refused
"""


def parse_amount(text):
    digits = re.sub(r"\s*(đ|₫|VND)$", "", text.strip(), flags=re.IGNORECASE)
    amount = int(digits) if "." not in digits else int(float(digits))
    if not 0 <= amount < 2**63:
        raise ValueError(f"{text!r} is no amount in dong")
    return amount
