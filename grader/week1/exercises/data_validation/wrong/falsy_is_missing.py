"""Takes every falsy cell for a missing one: 0 children and no newsletter are lost, NaN is kept.

Caught by: test_missing_cells_are_of_every_type_and_zero_is_not_missing, test_missing_cells_become_none_and_zero_stays,
    test_zero_and_false_are_not_filled_but_blanks_and_markers_are, test_zero_is_present_and_blank_text_is_not
"""


def is_missing(cell):
    return not cell
