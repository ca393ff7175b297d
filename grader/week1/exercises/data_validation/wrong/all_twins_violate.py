"""Counts the first of equal rows as a violation too.

Caught by: test_all_but_the_first_of_equal_rows_violate
"""


def repeated(rows, columns):
    keys = [tuple(row.get(column) for column in columns) for row in rows]
    many = Counter(keys)
    return [n for n, key in enumerate(keys) if many[key] > 1 and not any(map(is_missing, key))]
