"""What student code left on disk, read from outside through fixtures."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.compare import Place
from grader.expect import Mismatch
from grader.regular import open_regular

if TYPE_CHECKING:
    import sqlite3

MOST_BYTES = 64 * 1024 * 1024


def opened(path: Path) -> int:
    """A descriptor of a file that student code left; what is wrong with it is the student's fault."""
    try:
        return open_regular(path, MOST_BYTES)
    except FileNotFoundError:
        raise Mismatch([Place("file", f"no file {path.name}", f"a file {path.name}")]) from None
    except OSError as error:
        expected = f"a regular file of at most {MOST_BYTES // 1024**2} MiB"
        raise Mismatch([Place(f"file {path.name}", error.strerror or "unreadable", expected)]) from None


class Files:
    """The fixture `files`: reads reports and other files that student code wrote."""

    def bytes(self, path: Path) -> bytes:
        with os.fdopen(opened(path), "rb") as file:
            return file.read(MOST_BYTES)

    def text(self, path: Path) -> str:
        content = self.bytes(path)
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Mismatch([Place(f"file {path.name}", str(error), "UTF-8 text")]) from None

    def json(self, path: Path) -> Any:
        text = self.text(path)
        try:
            return json.loads(text)
        except ValueError as error:
            raise Mismatch([Place(f"file {path.name}", f"no JSON: {error}", "a JSON document")]) from None

    def names(self, folder: Path) -> list[str]:
        if not folder.is_dir() or folder.is_symlink():
            raise Mismatch([Place("folder", f"no folder {folder.name}", f"a folder {folder.name}")])
        return sorted(entry.name for entry in folder.iterdir())


class Database:
    """The fixture `sqlite`: one SQLite file, seen by a connection of the test's own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.close(opened(path))
        self._must_be_free()

    def rows(self, query: str, *params: object) -> list[dict[str, Any]]:
        """The rows of a query as dicts."""
        with self._connection("ro") as connection:
            cursor = connection.execute(query, params)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def count(self, table: str) -> int:
        quoted = table.replace('"', '""')
        return int(self.rows(f'SELECT count(*) AS n FROM "{quoted}"')[0]["n"])

    def tables(self) -> set[str]:
        return {row["name"] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def refuses(self, statement: str, *params: object) -> bool:
        """Whether the database itself refuses this write; it is rolled back in any case."""
        import sqlite3

        with self._connection("rw") as connection:
            try:
                connection.execute("BEGIN")
                connection.execute(statement, params)
            except sqlite3.IntegrityError:
                return True
            finally:
                connection.rollback()
        return False

    def _must_be_free(self) -> None:
        """A transaction that student code left open would show here as a lock."""
        import sqlite3

        try:
            with self._connection("rw") as connection:
                connection.execute("BEGIN EXCLUSIVE")
                connection.rollback()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            got = "a transaction is still open"
            raise Mismatch([Place(f"database {self.path.name}", got, "closed connections after the call")]) from None
        except sqlite3.DatabaseError as error:
            raise Mismatch([Place(f"database {self.path.name}", str(error), "an SQLite database")]) from None

    @contextmanager
    def _connection(self, mode: str) -> Iterator[sqlite3.Connection]:
        import sqlite3

        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if "no such" not in str(error):
                raise
            raise Mismatch([Place(f"database {self.path.name}", str(error), "tables as the docstring says")]) from None
        finally:
            connection.close()
