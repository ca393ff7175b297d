"""Adds up the orders of the categories; an order of two counts twice.

Caught by: test_an_order_of_two_categories_is_one_order_of_its_day
"""


def revenue_report(db, first, last):
    if last < first:
        raise ValueError(f"{last} is before {first}")
    with connect(db) as conn:
        report = conn.execute(REVENUE, {"first": first, "last": last}).fetchall()
    by_category = [row for row in report if row["level"] == "category"]
    for row in report:
        if row["level"] != "category":
            row["orders"] = sum(one["orders"] for one in by_category if row["day"] in (one["day"], None))
    return report
