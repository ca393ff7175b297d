"""Prints lists and None into the table as Python writes them.

Caught by: test_the_table_says_the_same_and_no_secret
"""


def cell(value: object) -> str:
    return str(value)
