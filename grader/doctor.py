"""`grade doctor`: what this machine has, from where each service would come, and what to do about the rest."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from grader import origin, service
from grader.images import engine, is_here
from grader.service import Unavailable
from grader.words import command

PATIENCE = 5.0
"""Seconds for any program or server to say something."""
LEAST_MEMORY = 4
LEAST_DISK = 2
"""GiB that the course should find free."""


@dataclass(frozen=True)
class Line:
    """One thing: ok, no (something of the course does not work without it), or - (nothing depends on it yet)."""

    name: str
    state: str
    text: str


def examine(forced: str = "", start: bool = False) -> list[Line]:
    """All lines, found side by side. With `start` each service is really started once, and ended again."""
    docker = Docker.look()
    services = [partial(_service, name, docker, forced, start) for name in service.names()]
    checks: list[Callable[[], Line]] = [python, docker.line, *services, memory, disk, ports, java, jail]
    with ThreadPoolExecutor(len(checks)) as side_by_side:
        lines = [line.result() for line in [side_by_side.submit(check) for check in checks]]
    docker.close()
    return lines


def python() -> Line:
    return Line("Python", "ok", platform.python_version())


@dataclass(frozen=True)
class Docker:
    """What the engine says of itself, asked once."""

    client: Any = None
    version: str = ""
    why_not: str = ""

    @classmethod
    def look(cls) -> Docker:
        try:
            client = engine(PATIENCE)
            return cls(client, client.version().get("Version", "?"))
        except Unavailable as error:
            return cls(why_not=str(error))
        except Exception as error:  # it answered once, and no more
            return cls(why_not=origin.first_line(error))

    def close(self) -> None:
        if self.client:
            self.client.close()

    def line(self) -> Line:
        if not self.client:
            return Line("Docker", "-", f"{self.why_not}. Servers come from wheels then, where there are such")
        here, away = self.images()
        fetch = f"; {command('grade pull')} fetches {', '.join(away)}" if away else ""
        return Line("Docker", "ok", f"{self.version}, {len(here)} of {len(here) + len(away)} images are here{fetch}")

    def images(self) -> tuple[list[str], list[str]]:
        images = [entry.image for entry in service.entries().values()]
        here = [image for image in images if self.has(image)]
        return here, [image for image in images if image not in here]

    def has(self, image: str) -> bool:
        with contextlib.suppress(Exception):
            return bool(self.client) and is_here(self.client, image)
        return False


def _service(name: str, docker: Docker, forced: str, start: bool) -> Line:
    """Where tests would take it from: tried as they do, but nothing is started unless that is wished."""
    title = service.service(name).TITLE
    if start:
        return _started(name, title, forced)
    reasons = []
    for place in [forced] if forced else origin.ORIGINS:
        try:
            return Line(title, "ok", _LOOK[place](name, docker))
        except Unavailable as error:
            reasons.append(f"{place}: {error}")
            if place == "external" and os.environ.get(service.service(name).SETTING):
                break
    return Line(title, "no", "; ".join(reasons))


def _started(name: str, title: str, forced: str) -> Line:
    try:
        running = origin.find(name, forced)
    except Unavailable as error:
        return Line(title, "no", "; ".join(str(error).splitlines()))
    running.stop()
    server = running.server
    return Line(title, "ok", f"{server.version}, {server.origin}, answered after {server.seconds:.1f} s")


def _external(name: str, docker: Docker) -> str:
    server = origin.external(name, False, print).server
    return f"{server.version}, external, {origin.without_secret(server.url)}"


def _compose(name: str, docker: Docker) -> str:
    server = origin.compose(name, False, print).server
    host, port = service.service(name).place(server.url)
    return f"{server.version}, from docker compose, {host}:{port} (official runs and --apart start their own)"


def _docker(name: str, docker: Docker) -> str:
    entry = service.entries()[name]
    if not docker.client:
        raise Unavailable(docker.why_not)
    fetched = "" if docker.has(entry.image) else f", fetched first ({command('grade pull')} does it ahead)"
    return f"will be started by testcontainers: {entry.image}{fetched}, {entry.memory} of memory at most"


def _embedded(name: str, docker: Docker) -> str:
    return f"will be started from a wheel, no Docker needed: {service.service(name).program().name}"


_LOOK: dict[str, Callable[[str, Docker], str]] = {
    "external": _external, "compose": _compose, "docker": _docker, "embedded": _embedded,
}  # fmt: skip


def memory() -> Line:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (ValueError, OSError, AttributeError):
        return Line("Memory", "-", "unknown here")
    services = ", ".join(f"{name} {entry.memory}" for name, entry in service.entries().items())
    state = "ok" if total >= LEAST_MEMORY else "no"
    return Line("Memory", state, f"{total:.1f} GiB; servers take at most: {services}")


def disk() -> Line:
    place = tempfile.gettempdir()
    free = shutil.disk_usage(place).free / 2**30
    return Line("Disk", "ok" if free >= LEAST_DISK else "no", f"{free:.1f} GiB free in {place}")


def ports() -> Line:
    """Docker compose wants fixed ones; what tests start takes any that is free."""
    taken = []
    up = origin.compose_ports()
    for name in service.names():
        port = service.service(name).PORT
        if name not in up and _is_taken(port):
            taken.append(f"{port} is taken by another program: {name.upper()}_PORT={port + 1} docker compose …")
    wanted = ", ".join(str(service.service(name).PORT) for name in service.names())
    return Line("Ports", "no" if taken else "ok", "; ".join(taken) or f"docker compose can have {wanted}")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def java() -> Line:
    install = "apt install openjdk-17-jre-headless, or brew install openjdk@17"
    try:
        said = subprocess.run(["java", "-version"], capture_output=True, text=True, timeout=PATIENCE, check=True).stderr
    except (OSError, subprocess.SubprocessError):
        return Line("Java", "-", f"none; from week 3 on 17 or newer is needed: {install}")
    found = re.search(r'version "(\d+)', said)
    version = int(found[1]) if found else 0
    state = "ok" if version >= 17 else "-"
    return Line("Java", state, f"{version}" if state == "ok" else f"{version}; week 3 needs 17 or newer: {install}")


def jail() -> Line:
    """The best level that --apart would find here; whether it holds, each run tries by itself."""
    from grader.jail import Unavailable as NoJail
    from grader.jail import candidates

    reasons = []
    for candidate in candidates():
        try:
            found = candidate()
        except NoJail as error:
            reasons.append(str(error))
            continue
        if found.group:
            found.group.end()
        better = f" (better ones: {'; '.join(reasons)})" if reasons else ""
        return Line("Jail", "ok" if found.name != "rlimits" else "-", f"{found.name}{better}")
    return Line("Jail", "-", "; ".join(reasons))
