"""Each statement commits: between DELETE and INSERT the report is empty.

Caught by: test_a_reader_sees_the_old_report_until_the_new_one_is_whole
"""


def refresh_report(db, meanwhile=None):
    with connect(db) as conn:
        conn.autocommit = True
        conn.execute("DELETE FROM report_daily")
        if meanwhile:
            meanwhile()
        return conn.execute(f"""
            INSERT INTO report_daily (day, category, orders, units, revenue)
            SELECT day, category, {MEASURES} FROM ({SOLD}) AS sold GROUP BY day, category""").rowcount
