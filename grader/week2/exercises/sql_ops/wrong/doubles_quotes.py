"""Escapes quotes by hand, and forgets that a per cent sign means something to the driver.

Caught by: test_names_with_quotes_are_stored_as_they_stand
"""


def add_customer(db, customer):
    row = dict.fromkeys(OPTIONAL) | cleaned(customer)
    name = row["name"].replace("'", "''")
    insert = f"""
        insert into customers (email, name, phone, city, created_at)
        values (%(email)s, '{name}', %(phone)s, %(city)s, %(created_at)s)
        returning customer_id"""
    with psycopg.connect(db.url) as session, unique_email(row["email"]):
        return session.execute(insert, row).fetchone()[0]
