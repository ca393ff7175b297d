"""Puts the values into the SQL text, between quotes of its own.

Caught by: test_names_with_quotes_are_stored_as_they_stand
"""


def add_customer(db, customer):
    need_known(customer, REQUIRED + OPTIONAL)
    row = dict.fromkeys(OPTIONAL) | {key: customer[key] for key in REQUIRED} | customer
    values = ", ".join("null" if value is None else f"'{value}'" for value in row.values())
    with psycopg.connect(db.url) as session:
        return session.execute(
            f"insert into customers ({', '.join(row)}) values ({values}) returning customer_id"
        ).fetchone()[0]
