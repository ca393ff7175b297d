"""Sets every column, so those that were not given become null.

Caught by: test_only_the_given_columns_of_one_customer_change
"""


def change_customer(db, customer_id, changes):
    need_known(changes, CHANGEABLE)
    values = dict.fromkeys(CHANGEABLE) | cleaned(changes) | {"customer_id": customer_id}
    update = """
        update customers
        set email = coalesce(%(email)s, email), name = coalesce(%(name)s, name), phone = %(phone)s, city = %(city)s
        where customer_id = %(customer_id)s"""
    with psycopg.connect(db.url) as session, unique_email(values["email"]):
        return session.execute(update, values).rowcount == 1
