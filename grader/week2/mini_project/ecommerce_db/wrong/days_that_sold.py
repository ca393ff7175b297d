"""Reports the days on which something was sold.

Caught by: test_a_day_without_orders_has_its_row
"""


def revenue_report(db, first, last):
    if last < first:
        raise ValueError(f"{last} is before {first}")
    with connect(db) as conn:
        report = conn.execute(REVENUE, {"first": first, "last": last}).fetchall()
    return [row for row in report if row["orders"] or row["level"] == "total"]
