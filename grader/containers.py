"""Servers in containers of their own, through testcontainers: one for a run, capped, gone with it or with the next."""

from __future__ import annotations

import contextlib
import os
import socket
import time
import warnings
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.images import Pull, engine, is_here, pull
from grader.service import Entry, Service, Unavailable
from grader.sweep import exists
from grader.words import command

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

OWNER = "python-data-engineer.server"
"""The label with who started it: host and process."""

DISK = "768m"
"""The server's data lie in memory, and this is all of it: who fills the disk fills nobody else's."""


ANSWER = 10.0
"""Seconds."""


@dataclass
class Container:
    """A server that was started; whether it is ready is for its service to say."""

    container: DockerContainer
    host: str
    port: int
    seconds: float

    @classmethod
    def start(cls, adapter: Service, entry: Entry, secret: str, port: int, say: Callable[[str], None]) -> Container:
        """At this port. Raises Unavailable without an engine, and if the image cannot be had."""
        with closing(engine()) as client:
            sweep(client)
            if not is_here(client, entry.image):
                ahead = command(f"grade pull {entry.name}")
                say(f"{adapter.TITLE}: fetching {entry.image}, once (ahead of time: {ahead})")
                pull(entry.image, Pull(say))
        started = time.monotonic()
        container = _configured(adapter, entry, secret, port)
        try:
            container.start()
        except Exception as error:
            with contextlib.suppress(Exception):
                container.stop()
            raise Unavailable(f"{entry.image} did not start: {str(error).strip().splitlines()[-1]}") from None
        host = _answering(_hosts(container), port)
        return cls(container, host, port, time.monotonic() - started)

    def died(self) -> str:
        """The last words of a container that has ended."""
        wrapped = self.container.get_wrapped_container()
        try:
            wrapped.reload()
            if wrapped.status in ("created", "running"):
                return ""
            lines = wrapped.logs(tail=5).decode(errors="replace").strip().splitlines()
        except Exception as error:  # the engine went away, or took the container with it
            lines = [str(error)]
        return lines[-1] if lines else "it ended without a word"

    def stop(self) -> None:
        with contextlib.suppress(Exception):  # gone already, or the engine is
            self.container.stop()


def _configured(adapter: Service, entry: Entry, secret: str, port: int) -> DockerContainer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from testcontainers.core.config import testcontainers_config
        from testcontainers.core.container import DockerContainer

    testcontainers_config.ryuk_disabled = True  # its image would have to be fetched too; we sweep ourselves
    container = DockerContainer(entry.image)
    container.with_envs(**{**entry.environment, **adapter.environment(secret)})
    container.with_command(adapter.command(entry, secret, port))
    container.with_tmpfs_mount(adapter.DATA, f"size={DISK}")
    interface = "127.0.0.1" if _hosts(container) == ["127.0.0.1"] else "0.0.0.0"
    container.ports[str(adapter.PORT)] = (interface, port)  # type: ignore[assignment]
    return container.with_kwargs(
        labels={OWNER: _owner()}, mem_limit=entry.memory, memswap_limit=entry.memory, pids_limit=512,
        shm_size=entry.shared_memory, security_opt=["no-new-privileges"], stop_signal="SIGKILL",
    )  # fmt: skip


def _hosts(container: DockerContainer) -> list[str]:
    """Where its ports may be: this machine, or, if we are in a container too or the engine is far away, that one."""
    told = container.get_docker_client().host()
    return ["127.0.0.1"] if told in ("localhost", "127.0.0.1") else ["127.0.0.1", told]


def _answering(hosts: list[str], port: int) -> str:
    """The first of them where the engine listens for the container."""
    deadline = time.monotonic() + ANSWER
    while len(hosts) > 1 and time.monotonic() < deadline:
        for host in hosts:
            with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
                return host
        time.sleep(0.02)
    return hosts[0]


def _owner() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


def sweep(client: Any) -> None:
    """Removes what killed runs of this machine left."""
    for container in client.containers.list(all=True, filters={"label": OWNER}):
        host, _, pid = container.labels.get(OWNER, "").rpartition("/")
        if host == socket.gethostname() and pid.isdecimal() and not exists(int(pid)):
            with contextlib.suppress(Exception):  # another run sweeps too
                container.remove(force=True, v=True)
