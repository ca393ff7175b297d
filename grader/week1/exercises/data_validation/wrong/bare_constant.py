"""Takes all of POLICIES as text: "constant" without a value fills in nothing.

Caught by: test_unknown_keys_types_policies_and_operators_are_errors
"""


def check_policy(policy, types):
    if not isinstance(policy, dict):
        refuse_unknown("policy", policy, POLICIES)
        return
    for key in policy:
        refuse_unknown("policy", key, ("constant", "previous"))
    if len(policy) != 1:
        raise ValueError(f"a policy has one key, constant or previous: {policy}")
    if "previous" in policy:
        check_arguments("previous", policy["previous"], ("by", "order"))
        for column in policy["previous"].values():
            refuse_unknown("column", column, types)
