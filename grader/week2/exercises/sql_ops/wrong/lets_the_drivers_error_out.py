"""Leaves it to the caller to know psycopg and its errors.

Caught by: test_an_email_in_use_is_refused_in_any_case, test_a_changed_email_is_trimmed_and_must_be_free
"""

from contextlib import contextmanager


@contextmanager
def unique_email(email):
    yield
