"""Looks at the contract only when there is a row to check.

Caught by: test_a_misspelt_rule_stops_the_batch_before_it_starts
"""


def validate(rows, contract):
    if not rows:
        return {"valid": [], "invalid": [], "filled": 0, "counts": {}}
    check_contract(contract)
    clean, violations, filled = cleaned(rows, contract)
    dropped = {found["row"] for found in violations if found["rule"] == "missing"}
    violations += broken_rules(clean, contract.get("rules", []), violations, dropped)
    reasons = {}
    for found in violations:
        reasons.setdefault(found["row"], []).append(found)
    return {
        "valid": [row for number, row in enumerate(clean) if number not in reasons],
        "invalid": [{"row": n, "raw": rows[n], "violations": reasons[n]} for n in sorted(reasons)],
        "filled": sum(number not in dropped for number, _ in filled),
        "counts": dict(Counter(f"{found['rule']}:{found['column']}" for found in violations)),
    }
