"""Lets a coupon stand twice in one order.

Caught by: test_every_fact_stands_once
"""

ORDER_COUPONS = r"""
create table if not exists order_coupons (
    order_id  bigint not null references orders on delete cascade,
    coupon    text not null check (coupon ~ '\S' and coupon !~ ',')
)
"""
