"""Reports every missing cell as filled, also those that stay missing and those of dropped rows.

Caught by: test_every_imputed_cell_is_reported_and_no_other
"""


def fill(rows, known, policies, faulty=frozenset()):
    filled, dropped = [], set()
    for column, policy in policies.items():
        gaps = [n for n, row in enumerate(known) if row.get(column) is None and (n, column) not in faulty]
        values = fillings(known, column, policy, gaps) if gaps else {}
        for number in gaps:
            rows[number][column] = values.get(number)
        filled += [(number, column) for number in gaps]
        if policy == "drop":
            dropped.update(gaps)
    return [row for number, row in enumerate(rows) if number not in dropped], filled, sorted(dropped)
