"""Compares with the markers without trimming, so that " - " is a value.

Caught by: test_zero_and_false_are_not_filled_but_blanks_and_markers_are, test_valid_rows_are_converted_and_filled
"""


def is_marker(cell, markers):
    return cell in markers
