"""Passes the values as parameters, but writes the keys into the statement as they come.

Caught by: test_a_key_that_may_not_be_changed_is_refused
"""


def change_customer(db, customer_id, changes):
    values = cleaned(changes)
    if not values:
        return True
    update = f"update customers set {', '.join(f'{key} = %s' for key in values)} where customer_id = %s"
    with psycopg.connect(db.url) as session, unique_email(values.get("email")):
        return session.execute(update, [*values.values(), customer_id]).rowcount == 1
