"""Reads an SQLite file that somebody else made: with limits, by itself, and so that it can be ended from outside.

Hidden tests reach it through the fixture `sqlite`; where student code runs apart, this runs in a jail of its own.
It imports nothing of the course. Every function returns [value, error], one of them None; an error is [kind, text].
"""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOST_ROWS = 100_000
MOST_TEXT = 1_000_000
MOST_STEPS = 20_000
STEP = 10_000
"""The virtual machine of SQLite may run MOST_STEPS times STEP instructions for one statement."""


Answer = list[Any]


def rows(path: Path, query: str, params: list[Any]) -> Answer:
    """The rows of a query, as dicts."""
    return _tried(path, "ro", lambda connection: _rows(connection, query, params))


def refuses(path: Path, statement: str, params: list[Any]) -> Answer:
    """Whether a constraint refuses this write; it is rolled back in any case."""
    return _tried(path, "rw", lambda connection: _refuses(connection, statement, params))


def change(path: Path, statement: str, params: list[Any]) -> Answer:
    """Changes the database, as somebody else who writes to it would."""
    return _tried(path, "rw", lambda connection: connection.execute(statement, params) and None)


def is_free(path: Path) -> Answer:
    """True if nobody holds a transaction open."""
    return _tried(path, "rw", _is_free)


def _tried(path: Path, mode: str, work: Callable[[sqlite3.Connection], Any]) -> Answer:
    try:
        connection = _connect(path, mode)
    except sqlite3.Error as error:
        return [None, [type(error).__name__, str(error)]]
    try:
        return [work(connection), None]
    except (sqlite3.Error, ValueError) as error:
        return [None, [type(error).__name__, str(error)[:500]]]
    finally:
        connection.close()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """What the file itself brings along (views, triggers with functions) is not trusted."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=0, isolation_level=None)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_TEXT)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    steps = iter(range(MOST_STEPS))
    connection.set_progress_handler(lambda: next(steps, None) is None, STEP)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _rows(connection: sqlite3.Connection, query: str, params: list[Any]) -> list[dict[str, Any]]:
    _only_tables(connection, query)
    cursor = connection.execute(query, params)
    names = [column[0] for column in cursor.description or ()]
    found = cursor.fetchmany(MOST_ROWS + 1)
    if len(found) > MOST_ROWS:
        raise ValueError(f"more than {MOST_ROWS:,} rows")
    return [dict(zip(names, row, strict=True)) for row in found]


def _only_tables(connection: sqlite3.Connection, query: str) -> None:
    """A view or a virtual table could answer whatever it likes."""
    words = {word.casefold() for word in re.findall(r"\w+", query)}
    for name, kind, sql in connection.execute("SELECT name, type, sql FROM sqlite_master LIMIT 10000").fetchall():
        virtual = re.match(r"\s*CREATE\s+VIRTUAL", sql or "", re.IGNORECASE)
        if (kind == "view" or virtual) and name.casefold() in words:
            raise ValueError(f"{name} is {'a virtual table' if virtual else 'a view'}, not a table")


def _refuses(connection: sqlite3.Connection, statement: str, params: list[Any]) -> bool:
    connection.execute("BEGIN")
    try:
        connection.execute(statement, params)
    except sqlite3.IntegrityError:
        return True
    finally:
        connection.rollback()
    return False


def _is_free(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
        connection.rollback()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    return True
