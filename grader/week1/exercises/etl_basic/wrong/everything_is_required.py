"""Refuses orders without customer or district.

Caught by: test_text_is_trimmed_and_only_customer_and_district_may_be_missing, test_types_of_the_clean_frame_are_exact_also_for_no_rows
"""


def _optional(text):
    return _required(text)
