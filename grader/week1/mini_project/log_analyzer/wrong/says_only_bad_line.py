"""Refuses a broken line without a word about where it is broken.

Caught by: test_garbage_is_refused_and_the_field_named
"""


def first_fault(line: bytes) -> ValueError:
    return ValueError("bad line")
