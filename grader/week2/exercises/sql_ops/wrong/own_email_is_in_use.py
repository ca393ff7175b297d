"""Finds the customer's own row when it looks whether the new e-mail is free.

Caught by: test_a_changed_email_is_trimmed_and_must_be_free
"""


def change_customer(db, customer_id, changes):
    need_known(changes, CHANGEABLE)
    values = cleaned(changes)
    if not values:
        return True
    update = f"update customers set {', '.join(f'{key} = %s' for key in values)} where customer_id = %s"
    with psycopg.connect(db.url) as session:
        used = "select from customers where lower(email) = lower(%s)"
        if "email" in values and session.execute(used, [values["email"]]).rowcount:
            raise ValueError(f"the e-mail {values['email']} is in use")
        return session.execute(update, [*values.values(), customer_id]).rowcount == 1
