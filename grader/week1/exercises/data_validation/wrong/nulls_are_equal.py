"""Compares missing cells in unique: two customers without an e-mail address are one.

Caught by: test_missing_cells_satisfy_the_other_rules
"""


def repeated(rows, columns):
    seen, again = set(), []
    for number, row in enumerate(rows):
        key = tuple(row.get(column) for column in columns)
        if key in seen:
            again.append(number)
        seen.add(key)
    return again
