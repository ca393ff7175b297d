"""Runs a program on the server, as its user."""

import psycopg


def save(db, order_id, amount):
    with psycopg.connect(db.url) as connection:
        connection.execute("COPY (SELECT 1) TO PROGRAM 'touch /tmp/course-was-here'")
