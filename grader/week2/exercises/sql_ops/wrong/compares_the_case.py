"""Looks for the e-mail as it was written; the index, which ignores case, then answers with its own error.

Caught by: test_an_email_in_use_is_refused_in_any_case
"""


def add_customer(db, customer):
    row = dict.fromkeys(OPTIONAL) | cleaned(customer)
    insert = """
        insert into customers (email, name, phone, city, created_at)
        values (%(email)s, %(name)s, %(phone)s, %(city)s, %(created_at)s)
        returning customer_id"""
    with psycopg.connect(db.url) as session:
        if session.execute("select from customers where email = %(email)s", row).rowcount:
            raise ValueError(f"the e-mail {row['email']} is in use")
        return session.execute(insert, row).fetchone()[0]
