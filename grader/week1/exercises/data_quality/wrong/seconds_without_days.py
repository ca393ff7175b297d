"""Takes timedelta.seconds for the whole duration; it leaves the days out.

Caught by: test_freshness_is_the_age_of_the_newest_order_in_hours
"""


def _hours(newest, as_of):
    return None if pd.isna(newest) else (as_of - newest).seconds / 3600
