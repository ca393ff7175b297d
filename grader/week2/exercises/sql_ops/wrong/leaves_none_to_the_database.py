"""Lets the NOT NULL of the table refuse None, with the driver's error.

Caught by: test_a_missing_or_unknown_key_is_named, test_a_key_that_may_not_be_changed_is_refused
"""


def cleaned(values):
    email = values.get("email")
    return values if email is None else values | {"email": email.strip()}
