"""Takes a time without zone for one of the session's zone.

Caught by: test_a_naive_time_is_refused
"""


def _clean(row):
    clean = {name: _composed(row[name]) for name in FLAT}
    return clean | {"email": clean["email"].strip().lower(), "ordered_at": row["ordered_at"].astimezone()}
