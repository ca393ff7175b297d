"""Takes the clock on the wall of the shop for UTC.

Caught by: test_the_shops_write_the_day_first_and_mean_their_own_clock
"""

SHOP_CLOCK = UTC
