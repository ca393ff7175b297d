"""Neither trims nor lower-cases e-mails.

Caught by: test_another_spelling_is_no_other_fact
"""


def _clean(row: dict) -> dict:
    if row["ordered_at"].utcoffset() is None:
        raise ValueError(f"order {row['order_id']}: ordered_at {row['ordered_at']} has no time zone")
    return {name: _composed(row[name]) for name in FLAT}
