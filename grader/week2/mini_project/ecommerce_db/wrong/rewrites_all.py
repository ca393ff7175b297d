"""Deletes and writes all rows again, the same ones too.

Caught by: test_a_row_that_stays_the_same_is_not_written_again
"""


def refresh_report(db, meanwhile=None):
    with connect(db) as conn:
        conn.execute("DELETE FROM report_daily")
        rows = conn.execute(f"""
            INSERT INTO report_daily (day, category, orders, units, revenue)
            SELECT day, category, {MEASURES} FROM ({SOLD}) AS sold GROUP BY day, category""").rowcount
        if meanwhile:
            meanwhile()
        return rows
