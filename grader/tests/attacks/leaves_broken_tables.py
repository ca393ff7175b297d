"""Leaves an SQLite file whose pages point to themselves, and one that is kept locked.

Must: reading it comes to an end; the tests failed.
Tests: test_a_first_load_stores_every_row, test_the_database_itself_refuses_bad_rows
"""

import os
import sqlite3
import time
from pathlib import Path


def load(db: Path, clean: object) -> dict[str, int]:
    many = len(clean)  # type: ignore[arg-type]
    connection = sqlite3.connect(db)
    connection.execute("CREATE TABLE orders (order_id, amount)")
    connection.executemany("INSERT INTO orders VALUES (?, ?)", [(str(n) * 50, n) for n in range(2000)])
    connection.commit()
    if many == 30:
        connection.close()
        content = bytearray(db.read_bytes())
        for page in range(4096, len(content), 4096):
            content[page + 8 : page + 4096] = content[page + 8 : page + 12] * 1022
        db.write_bytes(content)
    elif os.fork() == 0:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(30)
        os._exit(0)
    return {"inserted": many, "updated": 0, "unchanged": 0}
