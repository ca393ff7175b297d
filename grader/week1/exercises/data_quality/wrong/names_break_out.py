"""Writes names as they are.

Caught by: test_a_name_stays_in_its_cell_and_a_title_in_its_line
"""


def _cell(text):
    return text
