"""Lets the rules judge cells that are of a wrong type already.

Caught by: test_one_fault_is_reported_once, test_every_reason_comes_back_at_once_and_is_counted
"""


def broken_rules(rows, rules, violations, dropped):
    kept = [number for number in range(len(rows)) if number not in dropped]
    found = check_constraints([rows[number] for number in kept], rules)
    return [one | {"row": kept[one["row"]]} for one in found]
