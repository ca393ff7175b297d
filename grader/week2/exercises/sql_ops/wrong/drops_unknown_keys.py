"""Takes the keys that it knows and is silent about the others.

Caught by: test_a_missing_or_unknown_key_is_named, test_a_key_that_may_not_be_changed_is_refused
"""


def need_known(keys, allowed):
    for key in [key for key in keys if key not in allowed]:
        if isinstance(keys, dict):
            del keys[key]
