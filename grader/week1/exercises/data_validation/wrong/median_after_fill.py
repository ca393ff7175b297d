"""Goes from policy to policy: what was filled or dropped before changes the next statistic.

Caught by: test_the_median_comes_from_the_rows_as_they_came
"""


def fill(rows, known, policies, faulty=frozenset()):
    filled, dropped = [], set()
    for column, policy in policies.items():
        gaps = [n for n, row in enumerate(known) if row.get(column) is None and (n, column) not in faulty]
        left = [row for number, row in enumerate(known) if number not in dropped]
        if policy in ("median", "mode"):
            values = dict.fromkeys(gaps, statistic(left, column, policy)) if gaps else {}
        else:
            values = fillings(known, column, policy, gaps)
        for number in gaps:
            rows[number][column] = known[number][column] = values.get(number)
        filled += [(number, column) for number in values]
        if policy == "drop":
            dropped.update(gaps)
    kept = [row for number, row in enumerate(rows) if number not in dropped]
    return kept, [cell for cell in filled if cell[0] not in dropped], sorted(dropped)
