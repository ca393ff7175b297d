"""Checks every field, but not whether they fit each other.

Caught by: test_an_update_before_the_order_is_a_fault_of_updated_at, test_a_record_with_two_bad_fields_gives_one_reject_that_names_the_first
"""


def _not_before(ordered_at, updated_at):
    return updated_at
