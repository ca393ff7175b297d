"""Blanks cells of a wrong type and fills them like missing ones.

Caught by: test_one_fault_is_reported_once
"""


def fill(rows, known, policies, faulty=frozenset()):
    filled, dropped = [], set()
    for column, policy in policies.items():
        gaps = [n for n, row in enumerate(known) if row.get(column) is None]
        values = fillings(known, column, policy, gaps) if gaps else {}
        for number in gaps:
            rows[number][column] = values.get(number)
        filled += [(number, column) for number in values]
        if policy == "drop":
            dropped.update(gaps)
    kept = [row for number, row in enumerate(rows) if number not in dropped]
    return kept, [cell for cell in filled if cell[0] not in dropped], sorted(dropped)
