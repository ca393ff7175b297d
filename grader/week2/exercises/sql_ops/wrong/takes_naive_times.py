"""Lets the session's time zone decide what a naive time means.

Caught by: test_a_missing_or_unknown_key_is_named,
test_an_unknown_customer_is_unknown,
test_since_is_in_and_until_is_out,
test_only_orders_of_the_time_that_are_not_cancelled_count
"""


def need_aware(**times):
    pass
