"""Refuses an order that was updated in the second in which it was placed.

Caught by: test_an_update_before_the_order_is_a_fault_of_updated_at
"""


def _not_before(ordered_at, updated_at):
    if isinstance(ordered_at, datetime) and isinstance(updated_at, datetime) and updated_at <= ordered_at:
        return ValueError(f"{updated_at} is before the order of {ordered_at}")
    return updated_at
