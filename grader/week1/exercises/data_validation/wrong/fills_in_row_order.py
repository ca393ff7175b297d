"""Carries values forward in the order of the rows, whatever the order column says.

Caught by: test_previous_stays_in_its_group_and_follows_the_order
"""


def previous_values(known, column, by, order):
    last, before = {}, {}
    for number, row in enumerate(known):
        if row.get(by) is None or row.get(order) is None:
            continue
        if row[by] in last:
            before[number] = last[row[by]]
        if row.get(column) is not None:
            last[row[by]] = row[column]
    return before
