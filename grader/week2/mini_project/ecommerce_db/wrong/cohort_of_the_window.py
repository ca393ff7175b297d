"""Takes the first order since first_month for the first of all.

Caught by: test_customers_are_counted_in_the_cohort_of_their_first_order
"""


def retention(db, first_month, months):
    query = RETENTION.replace("WHERE status", "WHERE ordered_at >= %(first)s AND status")
    with connect(db) as conn:
        return conn.execute(query, {"first": first_month, "months": months}).fetchall()
