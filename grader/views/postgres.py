"""A lane of PostgreSQL as a test sees it: from outside, after the student's sessions have ended.

In SQL `{orders}` stands for a table of the student's: it is checked to be an ordinary one before it is read.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from grader.databases import OF_A_TEST, connect, quoted
from grader.expect import Mismatch
from grader.service import Handle
from grader.services.postgres import place
from grader.student import NotGraded

if TYPE_CHECKING:
    from grader.databases import PostgresLanes

SETTLE = 2.0
"""Seconds for the student's sessions to end after a call; a backend is gone within milliseconds."""

TABLE = re.compile(r"(?:\b(into\s+))?\{(\w+)(:any)?\}", re.I)
NOT_COUNTED = re.compile(r"\s*(BEGIN|START|COMMIT|ROLLBACK|END|SAVEPOINT|RELEASE|SET|SHOW|DEALLOCATE|DISCARD)\b", re.I)
UNABLE = {"57P01", "57P02", "57P03", "58030", "53100", "53200", "53300", "XX000", "XX001", "XX002"}
"""SQLSTATEs that say nothing about an answer: shut down, crashed, starting, no disk, no memory, no connection."""

MOST_WRITTEN = 256 * 2**20
"""Bytes by which student code may make its database bigger."""

NOT_THERE = {"42601", "42703", "42704", "42804", "42883", "42P01", "42P10", "3F000"}
"""SQLSTATEs of a statement that does not fit the tables: no refusal of what it says."""


@dataclass
class Used:
    """What the student's role has executed: COPY is one statement, executemany one for each row."""

    texts: list[str] = field(default_factory=list)
    statements: int = 0


@dataclass
class Lane(Handle):
    """`url` is what student code gets; everything else is the test's."""

    lanes: PostgresLanes
    database: str
    server: tuple[str, int]
    secret: str
    _outside: Any
    _of_the_test: str
    _first_size: int = 0
    record = "PostgresHandle"
    service = "postgres"

    @classmethod
    def opened(cls, lanes: PostgresLanes, name: str, secret: str, secret_of_the_test: str) -> Lane:
        """The test's connection is there before student code is, which could shut the door of its database."""
        settings = quote(" ".join(f"-c {key}={value}" for key, value in OF_A_TEST.items()))
        host, port = server = place(lanes.server.url)
        of_the_test = f"postgresql://{name}_test:{secret_of_the_test}@{host}:{port}/{name}?options={settings}"
        return cls(lanes, name, server, secret, connect(of_the_test), of_the_test)

    @property
    def place(self) -> tuple[str, int]:
        return self.server

    @property
    def url(self) -> str:
        return f"postgresql://{self.database}:{self.secret}@{self.host}:{self.server[1]}/{self.database}"

    @property
    def fields(self) -> dict[str, str]:
        return {"url": self.url}

    def rows(self, sql: str, *params: Any) -> list[dict[str, Any]]:
        """All rows, as dicts; instants come back aware, in UTC."""
        self._settle()
        return _rows(_execute(self._outside, self._checked(sql), params))

    def values(self, sql: str, *params: Any) -> list[Any]:
        """The first column."""
        return [next(iter(row.values())) for row in self.rows(sql, *params)]

    def value(self, sql: str, *params: Any) -> Any:
        """The only value."""
        found = self.values(sql, *params)
        if len(found) != 1:
            raise Mismatch([], note=f"{len(found)} rows instead of one: {sql}")
        return found[0]

    def count(self, table: str, where: str = "true", *params: Any) -> int:
        """Rows of a table."""
        return int(self.value(f"SELECT count(*) FROM {{{table}}} WHERE {where}", *params))

    def do(self, sql: str, *params: Any) -> int:
        """A change by the test, committed; the number of rows that it touched."""
        self._settle()
        return int(_execute(self._outside, self._checked(sql), params).rowcount)

    def load(self, table: str, rows: list[dict[str, Any]]) -> None:
        """Many rows at once; the keys of the first are the columns."""
        if not rows:
            return
        self._settle()
        columns = ", ".join(map(quoted, rows[0]))
        target = self._relation(table, "into")
        with _told(), self._outside.cursor() as cursor, cursor.copy(f"COPY {target} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([*row.values()])

    def refuses(self, sql: str, *params: Any) -> str:
        """The SQLSTATE with which the database refuses this change, "" if it takes it. Nothing is kept."""
        with self.session() as session:
            outcome = session.do(sql, *params)
            if outcome == "done":
                outcome = session._now("SET CONSTRAINTS ALL IMMEDIATE")
        if outcome == "blocked":
            raise Mismatch([], note=f"a lock is held, so the database did not answer: {sql}")
        return outcome.removeprefix("done").removeprefix("refused ")

    def plan(self, sql: str, *params: Any, analyze: bool = True) -> dict[str, Any]:
        """The one element of EXPLAIN's JSON; with `analyze` the statement is executed, and rolled back."""
        self._settle()
        options = "ANALYZE, BUFFERS, FORMAT JSON" if analyze else "FORMAT JSON"
        with self._outside.transaction(force_rollback=True):
            explained = _execute(self._outside, f"EXPLAIN ({options}) {self._checked(sql)}", params).fetchone()[0]
        element: dict[str, Any] = explained[0]
        return element

    def buffers(self, sql: str, *params: Any) -> int:
        """Pages that a statement reads, found in memory or not. The second time counts: then the caches are warm."""
        self.plan(sql, *params)
        top = self.plan(sql, *params)["Plan"]
        return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])

    def answer(self, sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows of a query that the student wrote: read-only, one statement, on the tables of `public`."""
        return self._theirs(sql, params)

    def answer_buffers(self, sql: str, params: dict[str, Any]) -> int:
        """Pages that a query of the student's reads, as `buffers` has it."""
        explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}"
        self._theirs(explain, params)
        top = self._theirs(explain, params)[0]["QUERY PLAN"][0]["Plan"]
        return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])

    def _theirs(self, sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        """In a session that it may ruin. Binary results are for one statement only: none can end the transaction."""
        import psycopg

        with self.session() as session:
            connection = session.connection
            connection.execute("SET LOCAL search_path = public")
            connection.execute("SET TRANSACTION READ ONLY")
            try:
                return _rows(connection.execute(sql, params, binary=True))
            except (psycopg.Error, TypeError, KeyError, ValueError) as error:
                said = getattr(getattr(error, "diag", None), "message_primary", None) or error
                raise Mismatch([], note=f"the database says: {said}\nin: {sql}") from None

    def vacuum(self) -> None:
        """VACUUM (ANALYZE) of every table."""
        self._settle()
        for table in self.values("SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                                 " AND relkind IN ('r', 'm', 'p')"):  # fmt: skip
            _execute(self._outside, f"VACUUM (ANALYZE) {table}", ())

    @contextlib.contextmanager
    def counted(self) -> Iterator[Used]:
        """The statements of student code meanwhile, as the server counts them."""
        which = "(SELECT oid FROM pg_roles WHERE rolname = %s), (SELECT oid FROM pg_database WHERE datname = %s)"
        names, used = [self.database, self.database], Used()
        self._settle()
        self.lanes.admin.execute(f"SELECT pg_stat_statements_reset({which}, 0)", names)
        yield used
        self._settle()
        found = self.lanes.admin.execute(
            f"SELECT query, calls FROM pg_stat_statements WHERE (userid, dbid) = ({which})", names
        ).fetchall()
        counted = [(query, calls) for query, calls in found if not NOT_COUNTED.match(query)]
        used.texts, used.statements = [query for query, _ in counted], sum(calls for _, calls in counted)

    @contextlib.contextmanager
    def session(self, autocommit: bool = False) -> Iterator[Session]:
        """Another session of the test, which waits 200 ms for a lock; what it does not commit is rolled back."""
        self._settle()
        with contextlib.closing(connect(self._of_the_test)) as connection:
            connection.execute("SET lock_timeout = '200ms'")
            connection.autocommit = autocommit
            yield Session(self, connection)

    def deadlocks(self) -> int:
        """Of this database so far."""
        self._settle()
        return int(
            self.value("SELECT pg_stat_get_db_deadlocks(oid) FROM pg_database WHERE datname = current_database()")
        )

    def _checked(self, sql: str) -> str:
        """With the qualified names of the tables that stand in braces."""
        return TABLE.sub(lambda found: (found[1] or "") + self._relation(found[2], found[3] or found[1] or ""), sql)

    def _relation(self, name: str, kind: str) -> str:
        """With ONLY where rows are read, so that no table inherits rows into this one."""
        row = self._outside.execute(
            "SELECT relkind::text, relrowsecurity OR relforcerowsecurity, EXISTS (SELECT FROM pg_rewrite WHERE ev_class"
            " = pg_class.oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = %s", [name]
        ).fetchone()  # fmt: skip
        if row is None:
            raise Mismatch([], note=f"there is no table {name} in the database")
        relkind, security, rules = row
        if kind != ":any" and (relkind not in "rp" or security or rules):
            what = KINDS.get(relkind) or ("a table with row security" if security else "a table with rules")
            raise Mismatch([], note=f"{name} is {what}; expected an ordinary table")
        return f"public.{quoted(name)}" if kind or relkind == "p" else f"ONLY public.{quoted(name)}"

    def _settle(self) -> None:
        """Waits until the student's sessions have ended; while one of its calls runs, they may be there."""
        if self.busy():
            return
        deadline = time.monotonic() + SETTLE
        while left := self._sessions():
            if time.monotonic() > deadline:
                self.end_sessions()
                text = "a session was left open" if left == 1 else f"{left} sessions were left open"
                raise Mismatch([], note=f"{text} when the call was over; end it: with psycopg.connect(…) as connection")
            self._outside.execute("SELECT pg_sleep(0.005)")

    def _sessions(self) -> int:
        count = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND backend_type = 'client backend'"
        with _told():
            return int(self._outside.execute(count, [self.database]).fetchone()[0])

    def watch(self) -> str:
        """A database has no quota of its own, and the disk is everybody's."""
        with contextlib.suppress(Exception):  # if the server is gone, that shows elsewhere
            size = self.lanes.admin.execute("SELECT pg_database_size(%s)", [self.database]).fetchone()[0]
            self._first_size = self._first_size or size
            if size > self._first_size + MOST_WRITTEN:
                self.end_sessions()
                return f"it wrote more than {MOST_WRITTEN // 2**20} MiB into the database"
        return ""

    def end_sessions(self) -> None:
        """Of student code, whatever they wait for."""
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
        with contextlib.suppress(Exception):  # the server may be gone
            self.lanes.admin.execute(ended, [self.database])

    def close(self) -> None:
        self.end_sessions()
        with contextlib.suppress(Exception):
            self._outside.close()


KINDS = {"v": "a view", "m": "a materialized view", "f": "a foreign table"}


@dataclass
class Session:
    """A second party in the student's database, such as a rival who buys the last item."""

    lane: Lane
    connection: Any

    def do(self, sql: str, *params: Any) -> str:
        """ "done", "blocked" by a lock, or "refused" with the SQLSTATE; what was before it in the transaction stays."""
        return self._now(self.lane._checked(sql), *params)

    def rows(self, sql: str, *params: Any) -> list[dict[str, Any]]:
        return _rows(_execute(self.connection, self.lane._checked(sql), params))

    def commit(self) -> str:
        return self._tried(self.connection.commit)

    def rollback(self) -> None:
        self.connection.rollback()

    def _now(self, sql: str, *params: Any) -> str:
        if self.connection.autocommit:
            return self._tried(partial(_run, self.connection, sql, params))

        def within() -> None:
            with self.connection.transaction():  # a savepoint: what is refused leaves the rest as it was
                _run(self.connection, sql, params)

        self.connection.execute("SELECT")  # the transaction begins outside of the savepoint
        return self._tried(within)

    def _tried(self, act: Callable[[], object]) -> str:
        import psycopg

        try:
            act()
        except psycopg.errors.LockNotAvailable:
            return "blocked"
        except psycopg.Error as error:
            if not error.sqlstate or error.sqlstate in UNABLE | NOT_THERE:
                with _told():
                    raise
            return f"refused {error.sqlstate}"
        return "done"


def _execute(connection: Any, sql: str, params: tuple[Any, ...]) -> Any:
    with _told(sql):
        return _run(connection, sql, params)


def _run(connection: Any, sql: str, params: tuple[Any, ...]) -> Any:
    if len(params) == 1 and isinstance(params[0], dict):
        return connection.execute(sql, params[0])
    return connection.execute(sql, list(params) or None)


def _rows(cursor: Any) -> list[dict[str, Any]]:
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextlib.contextmanager
def _told(sql: str = "") -> Iterator[None]:
    """What the database says of the student's tables is a sentence for the student."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        if not error.sqlstate or error.sqlstate in UNABLE:
            raise NotGraded(f"PostgreSQL did not answer: {error}") from error
        plain = re.sub(r'(ONLY )?public\."(\w+)"', r"\2", sql)
        where = f"\nin: {plain}" if sql else ""
        raise Mismatch([], note=f"the database says: {error.diag.message_primary}{where}") from None
