"""Upserts what was sold; what was cancelled since stays in the report.

Caught by: test_a_row_that_stays_the_same_is_not_written_again
"""


def refresh_report(db, meanwhile=None):
    with connect(db) as conn:
        rows = conn.execute(f"""
            INSERT INTO report_daily (day, category, orders, units, revenue)
            SELECT day, category, {MEASURES} FROM ({SOLD}) AS sold GROUP BY day, category
            ON CONFLICT (day, category) DO UPDATE
            SET orders = excluded.orders, units = excluded.units, revenue = excluded.revenue
            WHERE (report_daily.orders, report_daily.units, report_daily.revenue)
                IS DISTINCT FROM (excluded.orders, excluded.units, excluded.revenue)""")
        if meanwhile:
            meanwhile()
        return conn.execute("SELECT count(*) AS rows FROM report_daily").fetchone()["rows"]
