"""What student code left on disk, read from outside through fixtures."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from grader.compare import Place
from grader.expect import Mismatch
from grader.regular import open_regular

MOST_BYTES = 64 * 1024 * 1024


def opened(path: Path, root: Path | None) -> int:
    """A descriptor of a file that student code left below `root`; what is wrong with it is the student's fault."""
    try:
        return open_regular(path, MOST_BYTES, root)
    except FileNotFoundError:
        raise Mismatch([Place("file", f"no file {path.name}", f"a file {path.name}")]) from None
    except OSError as error:
        expected = f"a regular file of at most {MOST_BYTES // 1024**2} MiB"
        raise Mismatch([Place(f"file {path.name}", error.strerror or "unreadable", expected)]) from None


class Files:
    """The fixture `files`: reads reports and other files that student code wrote below `root`."""

    def __init__(self, root: Path | None = None) -> None:
        self._root = root

    def open(self, path: Path) -> BinaryIO:
        return os.fdopen(opened(path, self._root), "rb")

    def bytes(self, path: Path) -> bytes:
        with self.open(path) as file:
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


def ask_here(function: str, *args: Any) -> Any:
    """Calls a function of sqlite_reader.py in this process; apart it is called in one that can be ended."""
    from grader import sqlite_reader

    return getattr(sqlite_reader, function)(*args)


class Database:
    """The fixture `sqlite`: one SQLite file, seen by a connection of the test's own."""

    def __init__(self, path: Path, ask: Callable[..., Any] = ask_here, root: Path | None = None) -> None:
        self.path = path
        self._ask = ask
        os.close(opened(path, root))
        if not self._answer("is_free"):
            raise self._broken("a transaction is still open", "closed connections after the call")

    def rows(self, query: str, *params: object) -> list[dict[str, Any]]:
        """The rows of a query as dicts."""
        found: list[dict[str, Any]] = self._answer("rows", query, list(params))
        return found

    def count(self, table: str) -> int:
        quoted = table.replace('"', '""')
        return int(self.rows(f'SELECT count(*) AS n FROM "{quoted}"')[0]["n"])

    def tables(self) -> set[str]:
        return {row["name"] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def refuses(self, statement: str, *params: object) -> bool:
        """Whether the database itself refuses this write; it is rolled back in any case."""
        return bool(self._answer("refuses", statement, list(params)))

    def change(self, statement: str, *params: object) -> None:
        """Somebody else writes to it; a test never does so itself, because nobody knows where the path leads by now."""
        self._answer("change", statement, list(params))

    def _answer(self, function: str, *args: object) -> Any:
        value, error = self._ask(function, self.path, *args)
        if error is None:
            return value
        kind, text = error
        if kind == "OperationalError" and "readonly" in text:
            raise ValueError(f"a test must not write here: {text}")
        expected = "tables as the docstring says" if "no such" in text or kind == "ValueError" else "an SQLite database"
        raise self._broken(str(text), expected)

    def _broken(self, got: str, expected: str) -> Mismatch:
        return Mismatch([Place(f"database {self.path.name}", got, expected)])
