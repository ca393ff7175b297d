"""Keeps its rows in a table that inherits from the one that is looked at, and takes them away at will."""

import psycopg


def save(db, order_id, amount):
    with psycopg.connect(db.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS more () INHERITS (orders)")
        connection.execute("DELETE FROM more")
        connection.execute("INSERT INTO more VALUES (%s, %s)", [order_id, amount])
