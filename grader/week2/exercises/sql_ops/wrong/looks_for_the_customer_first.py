"""Looks at the keys only if there is such a customer.

Caught by: test_a_key_that_may_not_be_changed_is_refused
"""


def change_customer(db, customer_id, changes):
    with psycopg.connect(db.url) as session:
        if session.execute("select from customers where customer_id = %s", [customer_id]).rowcount == 0:
            return False
        need_known(changes, CHANGEABLE)
        for key, value in cleaned(changes).items():
            with unique_email(value):
                session.execute(f"update customers set {key} = %s where customer_id = %s", [value, customer_id])
        return True
