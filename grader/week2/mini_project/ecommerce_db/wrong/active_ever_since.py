"""Counts who came back in the month or any later one.

Caught by: test_customers_are_counted_in_the_cohort_of_their_first_order
"""


def retention(db, first_month, months):
    query = RETENTION.replace("a.month = g.month", "a.month >= g.month")
    query = query.replace("count(a.customer_id)", "count(DISTINCT a.customer_id)")
    with connect(db) as conn:
        return conn.execute(query, {"first": first_month, "months": months}).fetchall()
