"""Drops rows and tells nobody.

Caught by: test_every_row_is_valid_or_invalid_and_comes_back_as_it_came,
    test_dropped_rows_are_invalid_and_rows_keep_their_numbers
"""


def validate(rows, contract):
    check_contract(contract)
    clean, violations, filled = cleaned(rows, contract)
    dropped = {found["row"] for found in violations if found["rule"] == "missing"}
    violations = [found for found in violations if found["row"] not in dropped]
    violations += broken_rules(clean, contract.get("rules", []), violations, dropped)
    reasons = {}
    for found in violations:
        reasons.setdefault(found["row"], []).append(found)
    return {
        "valid": [row for n, row in enumerate(clean) if n not in reasons and n not in dropped],
        "invalid": [{"row": n, "raw": rows[n], "violations": reasons[n]} for n in sorted(reasons)],
        "filled": sum(number not in dropped for number, _ in filled),
        "counts": dict(Counter(f"{found['rule']}:{found['column']}" for found in violations)),
    }
