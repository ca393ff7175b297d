"""Counts orders in one statement and adds up revenue in the next; each sees another moment.

Caught by: test_an_order_placed_meanwhile_is_in_the_report_whole_or_not_at_all
"""


def refresh_report(db, meanwhile=None):
    with connect(db) as conn:
        conn.execute(f"""
            CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
            SELECT day, category, count(DISTINCT order_id) AS orders FROM ({SOLD}) AS sold GROUP BY day, category""")
        if meanwhile:
            meanwhile()
        conn.execute("DELETE FROM report_daily")
        return conn.execute(f"""
            INSERT INTO report_daily (day, category, orders, units, revenue)
            SELECT day, category, min(orders), sum(quantity), sum(revenue)
            FROM counted JOIN ({SOLD}) AS sold USING (day, category) GROUP BY day, category""").rowcount
