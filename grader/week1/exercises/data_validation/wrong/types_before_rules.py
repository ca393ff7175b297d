"""Checks the rules only for rows without a wrong type: the form is corrected twice.

Caught by: test_every_reason_comes_back_at_once_and_is_counted
"""


def broken_rules(rows, rules, violations, dropped):
    gone = dropped | {found["row"] for found in violations}
    kept = [number for number in range(len(rows)) if number not in gone]
    found = check_constraints([rows[number] for number in kept], rules)
    return [one | {"row": kept[one["row"]]} for one in found]
