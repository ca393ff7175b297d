"""LIKE takes % and _ of the category for wildcards.

Caught by: test_other_purchases_do_not_make_up_for_one_of_the_category
"""


def never_bought(db, category):
    query = """
        select customer_id
        from customers as c
        where closed_at is null and not exists (
            select from orders as o join order_items using (order_id) join products using (sku)
            where o.customer_id = c.customer_id and o.status <> 'cancelled' and category ilike %(category)s
        )
        order by customer_id"""
    return [row["customer_id"] for row in select(db, query, {"category": category})]
