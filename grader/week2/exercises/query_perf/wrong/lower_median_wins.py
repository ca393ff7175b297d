"""Calls the lower median the winner, however little it says.

Caught by: test_a_machine_that_becomes_slower_has_no_winner, test_one_outlier_makes_no_winner_and_hides_none
"""


def _winner(a, b):
    if median(a) == median(b):
        return "none"
    return "a" if median(a) < median(b) else "b"
