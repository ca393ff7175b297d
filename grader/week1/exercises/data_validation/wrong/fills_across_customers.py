"""Carries the last value forward without groups: one customer gets the city of another.

Caught by: test_previous_stays_in_its_group_and_follows_the_order
"""


def previous_values(known, column, by, order):
    last, before = None, {}
    grouped = [n for n, row in enumerate(known) if row.get(order) is not None]
    for number in sorted(grouped, key=lambda number: known[number][order]):
        if last is not None:
            before[number] = last
        if known[number].get(column) is not None:
            last = known[number][column]
    return before
