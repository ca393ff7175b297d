"""Waits until the table has been looked at, and then puts a link in its place: the test is about to write to it.

Must: the link is not followed: nothing outside of the test's folder is changed or made; the test failed.
Tests: test_orders_and_rejects_are_committed_together
"""

import contextlib
import ctypes
import os
import sqlite3
from pathlib import Path

HARM = ""
COLUMNS = "order_id, ordered_at, updated_at, customer_id, district, status, amount, source, record"
OPENED = 0x20
LOOKS = 6  # two tables are read; each time the file is opened once to see what it is, and twice as a database


def swap(db: Path) -> None:
    libc = ctypes.CDLL(None)
    watch = libc.inotify_init()
    libc.inotify_add_watch(watch, os.fsencode(db), OPENED)
    for _ in range(LOOKS):
        os.read(watch, 16)
    db.unlink()
    db.symlink_to(f"{HARM}/new.db")


def run(sources: list[Path], db: Path) -> dict:
    with contextlib.closing(sqlite3.connect(db)) as connection, connection:
        connection.execute(f"CREATE TABLE IF NOT EXISTS orders ({COLUMNS})")
        connection.execute("CREATE TABLE IF NOT EXISTS rejects (source, record, reason, raw)")
    with contextlib.suppress(FileExistsError):
        db.with_name(f"{db.name}-journal").symlink_to(f"{HARM}/new.txt")
    if os.fork() == 0:
        db.with_name(f"{db.name}-journal").unlink()
        swap(db)
        os._exit(0)
    return {}
