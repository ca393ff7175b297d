"""TRUNCATE locks the readers out until the new report is there.

Caught by: test_a_reader_sees_the_old_report_until_the_new_one_is_whole, test_a_row_that_stays_the_same_is_not_written_again
"""


def refresh_report(db, meanwhile=None):
    with connect(db) as conn:
        conn.execute("TRUNCATE report_daily")
        if meanwhile:
            meanwhile()
        return conn.execute(f"""
            INSERT INTO report_daily (day, category, orders, units, revenue)
            SELECT day, category, {MEASURES} FROM ({SOLD}) AS sold GROUP BY day, category""").rowcount
