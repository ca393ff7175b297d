"""Takes a coupon that the view cannot show.

Caught by: test_no_column_is_null_and_no_text_blank
"""

ORDER_COUPONS = r"""
create table if not exists order_coupons (
    order_id  bigint references orders on delete cascade,
    coupon    text check (coupon ~ '\S'),
    primary key (order_id, coupon)
)
"""
