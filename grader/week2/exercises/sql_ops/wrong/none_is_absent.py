"""Takes None for not given (COALESCE), so nothing can be cleared.

Caught by: test_none_clears_a_phone_or_city
"""


def change_customer(db, customer_id, changes):
    need_known(changes, CHANGEABLE)
    values = dict.fromkeys(CHANGEABLE) | cleaned(changes) | {"customer_id": customer_id}
    update = """
        update customers
        set email = coalesce(%(email)s, email), name = coalesce(%(name)s, name),
            phone = coalesce(%(phone)s, phone), city = coalesce(%(city)s, city)
        where customer_id = %(customer_id)s"""
    with psycopg.connect(db.url) as session, unique_email(values["email"]):
        return session.execute(update, values).rowcount == 1
