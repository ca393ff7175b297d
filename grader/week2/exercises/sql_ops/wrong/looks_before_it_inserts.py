"""Asks whether the e-mail is free, and believes the answer still holds a moment later.

Caught by: test_of_two_sign_ups_in_the_same_moment_one_is_refused
"""


def add_customer(db, customer):
    row = dict.fromkeys(OPTIONAL) | cleaned(customer)
    insert = """
        insert into customers (email, name, phone, city, created_at)
        values (%(email)s, %(name)s, %(phone)s, %(city)s, %(created_at)s)
        returning customer_id"""
    with psycopg.connect(db.url) as session:
        if session.execute("select from customers where lower(email) = lower(%(email)s)", row).rowcount:
            raise ValueError(f"the e-mail {row['email']} is in use")
        return session.execute(insert, row).fetchone()[0]
