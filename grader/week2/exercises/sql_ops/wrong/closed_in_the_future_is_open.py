"""Takes a closing time that is yet to come for none.

Caught by: test_closed_customers_are_left_out_and_new_ones_are_not
"""


def never_bought(db, category):
    query = """
        select customer_id
        from customers as c
        where (closed_at is null or closed_at > now()) and not exists (
            select from orders as o join order_items using (order_id) join products using (sku)
            where o.customer_id = c.customer_id and o.status <> 'cancelled' and category = %(category)s
        )
        order by customer_id"""
    return [row["customer_id"] for row in select(db, query, {"category": category})]
