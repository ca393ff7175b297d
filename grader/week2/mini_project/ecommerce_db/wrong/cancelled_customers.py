"""An order that was cancelled makes a customer.

Caught by: test_a_cancelled_order_makes_nobody_a_customer
"""


def retention(db, first_month, months):
    with connect(db) as conn:
        query = RETENTION.replace("WHERE status <> 'cancelled'", "")
        return conn.execute(query, {"first": first_month, "months": months}).fetchall()
