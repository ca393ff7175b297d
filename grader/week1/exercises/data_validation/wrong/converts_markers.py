"""Converts before it looks for markers: "N/A" is a wrong number and is sent back.

Caught by: test_valid_rows_are_converted_and_filled
"""


def cleaned(rows, contract):
    types, policies = contract.get("types", {}), contract.get("missing", {})
    clean, violations = coerce(rows, types)
    faulty = {(found["row"], found["column"]) for found in violations}
    markers = contract.get("markers", ())
    known = blanked(clean, lambda n, column, cell: (n, column) in faulty or is_marker(cell, markers))
    _, filled, dropped = fill(clean, known, policies, faulty)
    violations += [
        violation(number, column, "missing", None, "is missing")
        for number in dropped
        for column, policy in policies.items()
        if policy == "drop" and clean[number][column] is None
    ]
    return clean, violations, filled
