"""What a service is: a module in grader/services, and an entry of the same name in docker-compose.yml."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from grader.exercise import Exercise

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = ROOT / "docker-compose.yml"
FOLDER = Path(__file__).with_name("services")

PUBLIC_SECRET = "course"
"""The password of every server in docker-compose.yml. Anyone can read it there."""


class Unavailable(Exception):
    """A server cannot be had in this way; the text says why, and what to do, in one line."""


@dataclass(frozen=True)
class Entry:
    """One service of docker-compose.yml."""

    name: str
    image: str
    command: list[str]
    memory: str
    profiles: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    shared_memory: str = "64mb"


@dataclass(frozen=True)
class Server:
    """A server that runs and answers: plain data, so that processes can tell each other."""

    service: str
    url: str
    """The administrator's address. Student code never sees it."""
    origin: str
    """external, compose, docker or embedded."""
    version: str
    seconds: float
    """How long it took until it answered."""


class Handle:
    """A lane. Student code gets its `fields`, plain strings, in the record that the stub declares."""

    record: ClassVar[str]
    service: ClassVar[str]
    busy: Callable[[], bool] = staticmethod(lambda: False)
    """Whether a call of the student's runs."""
    brought = False
    """Whether the server is brought to 127.0.0.1 for student code, in a jail."""

    @property
    def place(self) -> tuple[str, int]:
        """Host and port of the server, as we reach it."""
        raise NotImplementedError

    @property
    def host(self) -> str:
        """As student code reaches it."""
        return "127.0.0.1" if self.brought else self.place[0]

    @property
    def fields(self) -> dict[str, str]:
        raise NotImplementedError

    def watch(self) -> str:
        """Asked now and then while student code runs apart: why it has to be stopped, or nothing."""
        return ""


class Lanes(Protocol):
    """Lanes in one server, for one process."""

    def lane(self, exercise: Exercise, seed: int) -> AbstractContextManager[Handle]:
        """A corner of the server that nobody else can see or harm; gone afterwards. It costs at most 0.3 s."""

    def alive(self) -> bool:
        """Whether the server still takes connections, and kept those that it had."""

    def close(self) -> None: ...


class Service(Protocol):
    """What a module in grader/services says of its system."""

    TITLE: str
    SETTING: str
    """The environment variable with the address of an external server."""
    EXAMPLE: str
    """Such an address, for messages."""
    PORT: int
    """The server's own port, inside its container."""
    DATA: str
    """The server's folder for data, in its container."""

    def address(self, host: str, port: int, secret: str) -> str:
        """The administrator's address of a server that was started with this password."""

    def place(self, url: str) -> tuple[str, int]:
        """Host and port of an address."""

    def environment(self, secret: str) -> dict[str, str]:
        """For a container: what differs from docker-compose.yml."""

    def command(self, entry: Entry, secret: str, port: int) -> list[str]:
        """For a container that is reached at `port` of this machine; some servers have to say that themselves."""

    def program(self) -> Path:
        """The server in a wheel; raises Unavailable where there is none for this system."""

    def embedded(self, entry: Entry, secret: str, port: int, folder: Path) -> list[str]:
        """The command of a server from a wheel, which may write to `folder`."""

    def version(self, url: str) -> str:
        """By a real operation as the administrator; any exception means that the server is not ready."""

    def lacks(self, url: str) -> str:
        """What a server that is not ours would need besides, or nothing."""

    def lanes(self, server: Server) -> Lanes: ...


@cache
def names() -> tuple[str, ...]:
    """Every service, which is also the name of a fixture."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__"))


@cache
def service(name: str) -> Service:
    """The module. It imports its client only when it is used."""
    return importlib.import_module(f"grader.services.{name}")


@cache
def entries() -> Mapping[str, Entry]:
    """docker-compose.yml by service, in the order of the file."""
    import yaml

    told = yaml.load(COMPOSE.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {name: _entry(name, about) for name, about in told["services"].items()}


def _entry(name: str, about: dict[str, Any]) -> Entry:
    return Entry(
        name,
        about["image"],
        [str(word) for word in about.get("command", [])],
        about["mem_limit"],
        about["profiles"],
        {key: str(value) for key, value in about.get("environment", {}).items()},
        about.get("shm_size", "64mb"),
    )
