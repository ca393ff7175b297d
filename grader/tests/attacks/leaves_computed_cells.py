"""Leaves a table whose cells are computed when they are read, each of them eight hundred megabytes.

Must: reading it comes to an end within seconds and costs the grader no memory; the test failed.
Tests: test_a_corrected_file_empties_its_rejects_and_a_broken_one_keeps_them
"""

import contextlib
import sqlite3
from pathlib import Path

CELL = "hex(zeroblob(400000000))"


def run(sources: list[Path], db: Path) -> dict:
    computed = ", ".join(f"{name} TEXT AS ({CELL})" for name in ("source", "reason", "raw"))
    table = f"CREATE TABLE rejects (record, {computed})"
    with contextlib.closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("CREATE TABLE rejects (record)")
        connection.execute("INSERT INTO rejects VALUES (1)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = ?", [table])
    return {}
