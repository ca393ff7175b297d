"""Reads the keys that it expects and does not see "ruls" beside them.

Caught by: test_unknown_keys_types_policies_and_operators_are_errors
"""


def check_contract(contract):
    types = contract.get("types", {})
    refuse_unknown_types(types)
    for column, policy in contract.get("missing", {}).items():
        refuse_unknown("column", column, types)
        check_policy(policy, types)
    for rule in contract.get("rules", []):
        check_rule(rule, types)
