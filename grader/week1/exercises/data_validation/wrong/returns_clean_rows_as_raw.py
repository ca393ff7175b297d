"""Sends back what it made of a row instead of the row that came.

Caught by: test_every_row_is_valid_or_invalid_and_comes_back_as_it_came
"""


def validate(rows, contract):
    check_contract(contract)
    clean, violations, filled = cleaned(rows, contract)
    dropped = {found["row"] for found in violations if found["rule"] == "missing"}
    violations += broken_rules(clean, contract.get("rules", []), violations, dropped)
    reasons = {}
    for found in violations:
        reasons.setdefault(found["row"], []).append(found)
    return {
        "valid": [row for number, row in enumerate(clean) if number not in reasons],
        "invalid": [{"row": n, "raw": clean[n], "violations": reasons[n]} for n in sorted(reasons)],
        "filled": sum(number not in dropped for number, _ in filled),
        "counts": dict(Counter(f"{found['rule']}:{found['column']}" for found in violations)),
    }
