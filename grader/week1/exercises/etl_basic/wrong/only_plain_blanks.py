"""Allows a blank before the currency, but not the no-break space that spreadsheets write.

Caught by: test_dots_group_thousands
"""

AMOUNT = re.compile(r"([0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+) *(?:đ|₫|VND)?", re.IGNORECASE)
