"""Lanes of PostgreSQL: for each test a database, cloned from a template, and a role that owns it.

Names of databases and roles are no secret, their passwords are. Nobody but the owner and the test may connect.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import random
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from grader.service import Server

if TYPE_CHECKING:
    from grader.exercise import Exercise
    from grader.views.postgres import Lane

KEPT = 3
"""Templates of one exercise that a server keeps, as for several seeds."""

GIVER = "course_given"
"""Owns what is given while a template is made; a lane's role takes it over."""

MOST_CONNECTIONS = 20

OF_A_ROLE = {
    "TimeZone": "America/New_York", "jit": "off", "max_parallel_workers_per_gather": "0",
    "statement_timeout": "10s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "10s",
    "temp_file_limit": "256MB",
}  # fmt: skip
"""A session of the student's. The time zone is a foreign one on purpose: who relies on it is found out."""

OF_A_TEST = {
    "search_path": "pg_catalog", "TimeZone": "UTC", "jit": "off", "max_parallel_workers_per_gather": "0",
    "statement_timeout": "10s", "lock_timeout": "2s", "row_security": "on", "default_transaction_read_only": "off",
    "default_transaction_isolation": "read\\ committed", "client_encoding": "utf8",
}  # fmt: skip
"""A session of the test's. Said when it connects, so that the owner of the database cannot set it otherwise; with
nothing but pg_catalog on its path, no function or operator of the student's is found by accident."""


def connect(url: str, **options: Any) -> Any:
    import psycopg

    return psycopg.connect(url, connect_timeout=5, autocommit=True, prepare_threshold=None, **options)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class PostgresLanes:
    """Lanes in one server, for one process; the connection of the administrator stays open."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.admin = connect(server.url)
        self._templates: dict[str, str] = {}
        self._started = self._start_time()
        # copying files is quicker where nothing waits for the disk: it needs two checkpoints
        self._strategy = "FILE_COPY" if server.origin in ("docker", "embedded") else "WAL_LOG"
        version = self.admin.info.server_version
        if version >= 160000:  # a password of 128 random bits needs no slow hash; each connection pays for it
            self.admin.execute("SET scram_iterations = 1")
        if server.origin != "external":
            self._close_to_the_public()
        self.admin.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def _close_to_the_public(self) -> None:
        for name in ("postgres", "template1", self.admin.info.dbname):
            self.admin.execute(f"REVOKE ALL ON DATABASE {quoted(name)} FROM PUBLIC")

    def _start_time(self) -> Any:
        return self.admin.execute("SELECT pg_postmaster_start_time()").fetchone()[0]

    @contextlib.contextmanager
    def lane(self, exercise: Exercise, seed: int) -> Iterator[Lane]:
        from grader.views.postgres import Lane

        name = f"lane_{secrets.token_hex(6)}"
        try:
            lane = Lane.opened(self, name, *self._make(name, exercise, seed))
            try:
                yield lane
            finally:
                lane.close()
        finally:
            with contextlib.suppress(Exception):  # the server may be gone, and the lane with it
                self._drop(name)

    def _make(self, name: str, exercise: Exercise, seed: int) -> tuple[str, str]:
        """Database, owner and checker of one test; the passwords of the two roles."""
        passwords = secrets.token_hex(16), secrets.token_hex(16)
        self.admin.execute(
            f"CREATE ROLE {name} LOGIN CONNECTION LIMIT {MOST_CONNECTIONS} PASSWORD '{passwords[0]}';"
            f"CREATE ROLE {name}_test LOGIN PASSWORD '{passwords[1]}' IN ROLE {name};"
            + "".join(f"ALTER ROLE {name} SET {key} = '{value}';" for key, value in OF_A_ROLE.items())
        )
        self._clone(name, exercise, seed)
        self.admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        with connect(self.server.url, dbname=name) as inside:
            inside.execute(f"REASSIGN OWNED BY {GIVER} TO {name}")
        return passwords

    def _clone(self, name: str, exercise: Exercise, seed: int) -> None:
        import psycopg

        for attempt in (1, 2):
            template = self.template(exercise, seed)
            try:
                self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {name} STRATEGY {self._strategy}")
                return
            except psycopg.errors.InvalidCatalogName:  # another run made room for its own
                self._templates.clear()
                if attempt == 2:
                    raise

    def template(self, exercise: Exercise, seed: int) -> str:
        """The name of the exercise's template, made now unless it was: named by a hash of what makes it."""
        sql, fill = exercise.folder / "given.sql", exercise.folder / "given.py"
        parts = [path.read_bytes() if path.is_file() else b"" for path in (sql, fill)]
        made_of = hashlib.sha256(b"\0".join([*parts, b"%d" % seed if parts[1] else b""])).hexdigest()[:12]
        name = f"course_{exercise.name[:30]}_{made_of}"
        if self._templates.get(exercise.id) != name:
            self._build(name, exercise, seed)
            self._templates[exercise.id] = name
        return name

    def _build(self, name: str, exercise: Exercise, seed: int) -> None:
        """Under a lock, as several processes may want it at once; under another name until it is whole."""
        with self._locked():
            if self.admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
                return
            half = f"half_{secrets.token_hex(6)}"
            self.admin.execute(f"CREATE DATABASE {half} TEMPLATE template0 ENCODING utf8")
            try:
                with connect(self.server.url, dbname=half) as inside:
                    self._fill(inside, exercise, seed)
                self._make_room(exercise)
                self.admin.execute(f"ALTER DATABASE {half} RENAME TO {name}")
                self.admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            except BaseException:
                self.admin.execute(f"DROP DATABASE IF EXISTS {half} WITH (FORCE)")
                raise

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        key = int.from_bytes(hashlib.sha256(b"course templates").digest()[:4], "big")
        self.admin.execute("SELECT pg_advisory_lock(%s)", [key])
        try:
            if not self.admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [GIVER]).rowcount:
                self.admin.execute(f"CREATE ROLE {GIVER}")
            yield
        finally:
            self.admin.execute("SELECT pg_advisory_unlock(%s)", [key])

    def _fill(self, inside: Any, exercise: Exercise, seed: int) -> None:
        sql, fill = exercise.folder / "given.sql", exercise.folder / "given.py"
        inside.execute("SET synchronous_commit = on")  # see FAST in services/postgres.py
        inside.execute(f"GRANT ALL ON SCHEMA public TO {GIVER}")
        inside.execute(f"SET ROLE {GIVER}")
        if sql.is_file():
            inside.execute(sql.read_text(encoding="utf-8"))
        if fill.is_file():
            module = _module(exercise)
            with inside.transaction(), inside.cursor() as cursor:
                module.fill(cursor, random.Random(seed))
        inside.execute("RESET ROLE")
        inside.execute(f"REVOKE ALL ON SCHEMA public FROM {GIVER}")

    def _make_room(self, exercise: Exercise) -> None:
        old = self.admin.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC OFFSET %s",
            [f"course\\_{exercise.name[:30]}\\_%", KEPT - 1],
        ).fetchall()
        for (name,) in old:
            with contextlib.suppress(Exception):  # somebody clones it at this moment
                self.admin.execute(f"DROP DATABASE {quoted(name)}")

    def _drop(self, name: str) -> None:
        self.admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.admin.execute(f"DROP ROLE IF EXISTS {name}_test, {name}")

    def alive(self) -> bool:
        """A crash of any of its processes ends all sessions, so ours says what happened; a new one, what will."""
        try:
            with connect(self.server.url):
                return bool(self._start_time() == self._started)
        except Exception:  # whatever it is, it does not answer
            return False

    def close(self) -> None:
        self.admin.close()


def _module(exercise: Exercise) -> Any:
    path = exercise.folder / "given.py"
    spec = importlib.util.spec_from_file_location(f"grader.given.{exercise.name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
