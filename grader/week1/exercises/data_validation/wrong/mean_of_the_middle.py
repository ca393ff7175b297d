"""Takes the usual median: of an even number of values it is between two, and a count becomes 2.5.

Caught by: test_the_median_comes_from_the_rows_as_they_came
"""

from statistics import median


def statistic(known, column, name):
    values = sorted(row[column] for row in known if row.get(column) is not None)
    if not values:
        raise ValueError(f"{column} has no values to take the {name} of")
    if name == "mode":
        return Counter(values).most_common(1)[0][0]
    return median(values) if isinstance(values[0], (int, float)) else values[(len(values) - 1) // 2]
