"""Leaves out the months in which nobody came.

Caught by: test_a_month_without_new_customers_has_its_row
"""


def retention(db, first_month, months):
    with connect(db) as conn:
        report = conn.execute(RETENTION, {"first": first_month, "months": months}).fetchall()
    return [row for row in report if row["size"]]
