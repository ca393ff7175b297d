"""NOT IN with a null in the list gives nothing at all.

Caught by: test_orders_of_guests_do_not_empty_the_answer
"""


def never_bought(db, category):
    query = """
        select customer_id
        from customers
        where closed_at is null and customer_id not in (
            select customer_id from orders join order_items using (order_id) join products using (sku)
            where status <> 'cancelled' and category = %(category)s
        )
        order by customer_id"""
    return [row["customer_id"] for row in select(db, query, {"category": category})]
