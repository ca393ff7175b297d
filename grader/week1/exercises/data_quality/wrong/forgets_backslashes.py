r"""Escapes a | but not the backslash before it: `\|` becomes `\\|`, and the cell ends there.

Caught by: test_a_name_stays_in_its_cell_and_a_title_in_its_line
"""


def _cell(text):
    return _one_line(text).replace("|", "\\|")
