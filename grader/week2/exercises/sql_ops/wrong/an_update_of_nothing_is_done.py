"""Says True if the statement ran, whether there was a row or not.

Caught by: test_a_changed_email_is_trimmed_and_must_be_free
"""


def change_customer(db, customer_id, changes):
    need_known(changes, CHANGEABLE)
    values = cleaned(changes)
    with psycopg.connect(db.url) as session, unique_email(values.get("email")):
        for key, value in values.items():
            session.execute(f"update customers set {key} = %s where customer_id = %s", [value, customer_id])
    return True
