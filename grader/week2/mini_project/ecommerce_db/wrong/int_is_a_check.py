"""int() takes "1_000", "+5" and " ٣٠ ", and they are loaded.

Caught by: test_every_record_is_accounted_for
"""


def whole(cell):
    return int(cell)
