"""Fills a column that has no values with 0.

Caught by: test_a_column_without_values_cannot_be_filled_from_itself
"""


def statistic(known, column, name):
    values = sorted(row[column] for row in known if row.get(column) is not None)
    if not values:
        return 0
    if name == "median":
        return values[(len(values) - 1) // 2]
    return Counter(values).most_common(1)[0][0]
