"""date_trunc of a timestamptz: months in New York.

Caught by: test_a_month_is_one_of_the_shops
"""


def retention(db, first_month, months):
    query = RETENTION.replace("ordered_at AT TIME ZONE 'Asia/Ho_Chi_Minh'", "ordered_at::timestamp")
    with connect(db) as conn:
        return conn.execute(query, {"first": first_month, "months": months}).fetchall()
