"""Asks an empty period for its bounds, which are NULL, and a check that is NULL passes.

Caught by: test_periods_of_one_sku_may_touch_but_not_overlap
"""

PRICES = """
create extension if not exists btree_gist;  -- so that a GiST index can compare text with =
create table if not exists prices (
    sku    text not null references products,
    price  bigint not null check (price >= 0),
    valid  daterange not null check (lower(valid) < upper(valid) or upper_inf(valid)),
    constraint one_price_a_day exclude using gist (sku with =, valid with &&)
)
"""
