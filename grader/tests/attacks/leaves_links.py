"""Leaves a link where the table should be, and links in place of the files that SQLite makes beside it.

Must: no link is followed: nothing outside of the test's folder is read or written, and the tests failed.
Tests: test_a_first_load_stores_every_row, test_the_database_itself_refuses_bad_rows
"""

import os
import sqlite3
import time
from pathlib import Path

HARM = ""
COLUMNS = "order_id, ordered_at, updated_at, customer_id, district, status, amount, source, record"


def keep_linking(db: Path) -> None:
    """Whatever is opened next, a link to something private is in its place."""
    targets = [f"{HARM}/{name}" for name in ("secret.txt", "points.json", "new.txt")]
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for suffix, target in zip(("-journal", "-wal", "-shm"), targets, strict=True):
            place = db.with_name(f"{db.name}{suffix}")
            place.unlink(missing_ok=True)
            try:
                place.symlink_to(target)
            except OSError:
                continue


def load(db: Path, clean: object) -> dict[str, int]:
    many = len(clean)  # type: ignore[arg-type]
    if many == 30:
        db.symlink_to(f"{HARM}/secret.txt")
    else:
        connection = sqlite3.connect(db)
        connection.execute(f"CREATE TABLE orders ({COLUMNS})")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.commit()
        connection.close()
        if os.fork() == 0:
            keep_linking(db)
            os._exit(0)
    return {"inserted": many, "updated": 0, "unchanged": 0}
