"""Takes the last day as the end of a half-open interval.

Caught by: test_the_total_is_the_sum_of_the_orders_of_these_days
"""

from datetime import timedelta


def revenue_report(db, first, last):
    if last < first:
        raise ValueError(f"{last} is before {first}")
    with connect(db) as conn:
        return conn.execute(REVENUE, {"first": first, "last": last - timedelta(days=1)}).fetchall()
