"""SQL's trim takes blanks away, but neither tabs nor line breaks.

Caught by: test_white_space_around_an_email_is_no_part_of_it
"""


def add_customer(db, customer):
    cleaned(customer)
    row = dict.fromkeys(OPTIONAL) | customer
    insert = """
        insert into customers (email, name, phone, city, created_at)
        values (trim(%(email)s), %(name)s, %(phone)s, %(city)s, %(created_at)s)
        returning customer_id"""
    with psycopg.connect(db.url) as session, unique_email(row["email"]):
        return session.execute(insert, row).fetchone()[0]
