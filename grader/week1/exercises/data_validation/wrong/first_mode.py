"""Of several most frequent values takes the one that came first: tomorrow it is another.

Caught by: test_the_mode_is_the_most_frequent_and_of_equals_the_smallest
"""


def statistic(known, column, name):
    values = [row[column] for row in known if row.get(column) is not None]
    if not values:
        raise ValueError(f"{column} has no values to take the {name} of")
    if name == "median":
        return sorted(values)[(len(values) - 1) // 2]
    return Counter(values).most_common(1)[0][0]
