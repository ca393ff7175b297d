"""Lets prices be of any sku.

Caught by: test_there_are_no_orphans
"""

PRICES = """
create extension if not exists btree_gist;  -- so that a GiST index can compare text with =
create table if not exists prices (
    sku    text not null,
    price  bigint not null check (price >= 0),
    valid  daterange not null check (not isempty(valid)),
    constraint one_price_a_day exclude using gist (sku with =, valid with &&)
)
"""
