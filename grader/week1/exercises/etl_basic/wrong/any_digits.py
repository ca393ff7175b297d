"""Writes \\d, which means the digits of every script.

Caught by: test_every_other_spelling_of_an_amount_is_refused
"""

AMOUNT = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+)\s*(?:đ|₫|VND)?", re.IGNORECASE)
