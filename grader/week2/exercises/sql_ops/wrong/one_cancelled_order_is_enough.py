"""Lists who cancelled an order of the category, though another one was kept.

Caught by: test_a_cancelled_order_is_no_purchase
"""


def never_bought(db, category):
    query = """
        select customer_id
        from customers as c
        where closed_at is null and not exists (
            select from orders as o join order_items using (order_id) join products using (sku)
            where o.customer_id = c.customer_id and o.status <> 'cancelled' and category = %(category)s
        ) or exists (
            select from orders as o join order_items using (order_id) join products using (sku)
            where o.customer_id = c.customer_id and o.status = 'cancelled' and category = %(category)s
        )
        order by customer_id"""
    return [row["customer_id"] for row in select(db, query, {"category": category})]
