"""Commits each column by itself, so a refused e-mail comes after a changed name.

Caught by: test_a_changed_email_is_trimmed_and_must_be_free
"""


def change_customer(db, customer_id, changes):
    need_known(changes, CHANGEABLE)
    found = False
    for key, value in cleaned(changes).items():
        with psycopg.connect(db.url) as session, unique_email(value):
            update = f"update customers set {key} = %s where customer_id = %s"
            found = session.execute(update, [value, customer_id]).rowcount == 1
    return found
