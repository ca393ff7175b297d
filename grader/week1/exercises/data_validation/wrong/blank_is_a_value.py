"""Takes only None for missing; blank text and NaN count as given.

Caught by: test_zero_is_present_and_blank_text_is_not, test_missing_cells_are_of_every_type_and_zero_is_not_missing
"""


def is_missing(cell):
    return cell is None
