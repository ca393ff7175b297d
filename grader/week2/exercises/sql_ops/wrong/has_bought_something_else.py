"""Finds customers with a purchase outside the category.

Caught by: test_other_purchases_do_not_make_up_for_one_of_the_category,
test_closed_customers_are_left_out_and_new_ones_are_not
"""


def never_bought(db, category):
    query = """
        select distinct customer_id
        from customers join orders using (customer_id) join order_items using (order_id) join products using (sku)
        where closed_at is null and status <> 'cancelled' and category <> %(category)s
        order by customer_id"""
    return [row["customer_id"] for row in select(db, query, {"category": category})]
