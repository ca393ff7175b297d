"""Gives no types, so a frame without rows has others than one with rows.

Caught by: test_a_file_with_only_a_header_gives_an_empty_frame_of_the_same_types, test_types_of_the_clean_frame_are_exact_also_for_no_rows
"""


def _frame(cells, types):
    frame = pd.DataFrame(cells, columns=RAW)
    return frame if frame.empty else frame.astype(types)
