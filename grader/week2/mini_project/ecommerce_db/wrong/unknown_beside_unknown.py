"""Groups first and names NULL "unknown" afterwards: two rows of one name.

Caught by: test_goods_without_category_are_no_subtotal, test_the_report_is_what_the_orders_say
"""


def revenue_report(db, first, last):
    if last < first:
        raise ValueError(f"{last} is before {first}")
    query = REVENUE.replace("coalesce(p.category, 'unknown')", "coalesce(p.category, '~')")
    with connect(db) as conn:
        report = conn.execute(query, {"first": first, "last": last}).fetchall()
    return [row | {"category": "unknown"} if row["category"] == "~" else row for row in report]


def refresh_report(db, meanwhile=None):
    with connect(db) as conn:
        rows = conn.execute(REFRESH.replace("coalesce(p.category, 'unknown')", "coalesce(p.category, '~')"))
        conn.execute("UPDATE report_daily SET category = 'unknown' WHERE category = '~'")
        if meanwhile:
            meanwhile()
        return rows.fetchone()["rows"]
