"""Stores e-mails in lower case, although only the comparison ignores case.

Caught by: test_white_space_around_an_email_is_no_part_of_it, test_a_changed_email_is_trimmed_and_must_be_free
"""


def cleaned(values):
    for key in REQUIRED:
        if key in values and values[key] is None:
            raise ValueError(f"{key} must not be None")
    if "email" not in values:
        return values
    email = values["email"].strip().lower()
    if not email:
        raise ValueError("email is blank")
    return values | {"email": email}
