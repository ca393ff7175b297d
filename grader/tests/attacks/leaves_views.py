"""Leaves a view named orders whose rows never end, and a trigger that counts for ever.

Must: a look at them comes to an end within seconds and costs no memory; the tests failed.
Tests: test_a_first_load_stores_every_row, test_the_database_itself_refuses_bad_rows
"""

import contextlib
import sqlite3
from pathlib import Path

COLUMNS = "order_id, ordered_at, updated_at, customer_id, district, status, amount, source, record"
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
HUGE = "hex(zeroblob(400000000))"


def make(db: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(db)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def load(db: Path, clean: object) -> dict[str, int]:
    many = len(clean)  # type: ignore[arg-type]
    if many == 30:
        cells = ", ".join(f"x AS {name}" for name in COLUMNS.split(", "))
        make(db, f"CREATE VIEW orders AS {ENDLESS} SELECT {cells} FROM n")
    else:
        slow = f"BEGIN {ENDLESS.replace('WITH', 'INSERT INTO noted WITH')} SELECT {HUGE} FROM n; END"
        make(
            db,
            f"CREATE TABLE orders ({COLUMNS})",
            "CREATE TABLE noted (x)",
            f"CREATE TRIGGER slow BEFORE INSERT ON orders {slow}",
        )
    return {"inserted": many, "updated": 0, "unchanged": 0}
