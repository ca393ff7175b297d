"""Knows the rules of e-mails when one signs up, and not when one changes it.

Caught by: test_a_changed_email_is_trimmed_and_must_be_free
"""


def change_customer(db, customer_id, changes):
    need_known(changes, CHANGEABLE)
    cleaned(changes)
    if not changes:
        return True
    update = f"update customers set {', '.join(f'{key} = %s' for key in changes)} where customer_id = %s"
    with psycopg.connect(db.url) as session, unique_email(changes.get("email")):
        return session.execute(update, [*changes.values(), customer_id]).rowcount == 1
