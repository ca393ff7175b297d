"""Where a service comes from: an address in the environment, this repository's compose project, Docker, or a wheel."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader import service
from grader.service import PUBLIC_SECRET, ROOT, Server, Unavailable
from grader.sweep import remove, sweep
from grader.unprivileged import hand_over, somebody
from grader.words import command

ORIGINS = ("external", "compose", "docker", "embedded")

READY = 60.0
"""Seconds for a server that was started to answer; fetching its image does not count."""
REACH = 5.0
"""Seconds for one that is said to run."""
STOP = 10.0
ROOMY = 4 * 2**30
"""Bytes that must be free in memory for a server's data to lie there."""

Say = Callable[[str], None]


@dataclass
class Running:
    """A server, and how it is stopped if it is ours."""

    server: Server
    stop: Callable[[], None] = lambda: None


def find(name: str, forced: str = "", official: bool = False, say: Say = lambda _: None) -> Running:
    """The first origin that has it; raises Unavailable with the reasons of all that were tried."""
    reasons = []
    for origin in [forced] if forced else ORIGINS:
        try:
            return _FROM[origin](name, official, say)
        except Unavailable as error:
            reasons.append(f"{origin}: {error}")
            if origin == "external" and os.environ.get(service.service(name).SETTING):
                break  # who names a server means that one
    raise Unavailable("\n".join(reasons))


def external(name: str, official: bool, say: Say) -> Running:
    adapter = service.service(name)
    url = os.environ.get(adapter.SETTING, "")
    if not url:
        raise Unavailable(f"no address in the environment ({adapter.SETTING}={adapter.EXAMPLE})")
    started = time.monotonic()
    version = _within(REACH, lambda: adapter.version(url), f"{adapter.SETTING}: no answer from {without_secret(url)}")
    if lacking := adapter.lacks(url):
        raise Unavailable(f"{adapter.SETTING}: {lacking}")
    return Running(Server(name, url, "external", version, time.monotonic() - started))


def compose(name: str, official: bool, say: Say) -> Running:
    """Only if it is up already: `docker compose` says so with labels on its containers."""
    if official:
        raise Unavailable("its passwords are public, so it serves no official run and none with --apart")
    adapter, started = service.service(name), time.monotonic()
    port = compose_ports().get(name)
    if port is None:
        up = f"docker compose --profile {service.entries()[name].profiles[0]} up -d"
        raise Unavailable(f"this repository's compose project is not up ({up})")
    url = adapter.address("127.0.0.1", port, PUBLIC_SECRET)
    version = _within(REACH, lambda: adapter.version(url), f"its container does not answer at port {port}")
    return Running(Server(name, url, "compose", version, time.monotonic() - started))


@cache
def compose_ports() -> dict[str, int]:
    """The ports of this repository's compose services that are up."""
    program = shutil.which("docker")
    if not program:
        return {}
    project = f"label=com.docker.compose.project.working_dir={ROOT}"
    told = _output([program, "ps", "--filter", project, "--format", "{{json .}}"])
    found = {}
    for line in told.splitlines():
        about = json.loads(line)
        labels = dict(pair.partition("=")[::2] for pair in about["Labels"].split(","))
        published = about["Ports"].partition("->")[0].rpartition(":")[2]
        if published.isdecimal():
            found[labels.get("com.docker.compose.service", "")] = int(published)
    return found


def _output(words: list[str]) -> str:
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=REACH, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def docker(name: str, official: bool, say: Say) -> Running:
    from grader.containers import Container

    adapter, entry = service.service(name), service.entries()[name]
    secret = secrets.token_hex(16)
    container = Container.start(adapter, entry, secret, free_port(), say)
    started = time.monotonic()
    try:
        url = adapter.address(container.host, container.port, secret)
        version = _await(lambda: adapter.version(url), container.died, f"{entry.image} did not come up")
    except BaseException:
        container.stop()
        raise
    server = Server(name, url, "docker", version, container.seconds + time.monotonic() - started)
    return Running(server, container.stop)


def embedded(name: str, official: bool, say: Say) -> Running:
    """A server from a wheel, in a process that ends with us, whatever happens to us."""
    adapter, entry, started = service.service(name), service.entries()[name], time.monotonic()
    folder = hand_over(Path(tempfile.mkdtemp(prefix=f"course-{os.getpid()}-", dir=_scratch())).resolve())
    secret, port = secrets.token_hex(16), free_port()
    try:
        words = adapter.embedded(entry, secret, port, folder)
        process = _guarded(words, folder)
        url = adapter.address("127.0.0.1", port, secret)
        version = _await(lambda: adapter.version(url), lambda: _died(process, folder), "it did not come up")
    except BaseException:
        remove(folder)
        raise
    return Running(Server(name, url, "embedded", version, time.monotonic() - started), lambda: _stop(process, folder))


def _scratch() -> Path:
    """Where files are made fastest: in memory, if there is plenty of it; what killed runs left there is swept."""
    in_memory, on_disk = Path("/dev/shm"), Path(tempfile.gettempdir())
    for place in (in_memory, on_disk):
        sweep(place)
    roomy = os.access(in_memory, os.W_OK) and shutil.disk_usage(in_memory).free >= ROOMY
    return in_memory if roomy else on_disk


_FROM: dict[str, Callable[[str, bool, Say], Running]] = {
    "external": external, "compose": compose, "docker": docker, "embedded": embedded,
}  # fmt: skip

GUARD = """
folder=$1; shift
exec 3<&0
"$@" > "$folder/log" 2>&1 < /dev/null 3<&- & server=$!
{ read -r _ <&3; touch "$folder/over"; kill -INT $server; sleep 5; kill -KILL $server; } 2> /dev/null & watch=$!
wait $server
kill $watch 2> /dev/null
[ ! -e "$folder/over" ] || rm -rf "$folder"
"""
"""A shell that outlives us by a moment: when our end of its line closes, for whatever reason, the server ends too."""


def _guarded(words: list[str], folder: Path) -> subprocess.Popen[bytes]:
    nothing = subprocess.DEVNULL
    if os.name == "nt":
        return subprocess.Popen(words, stdin=nothing, stdout=nothing, stderr=nothing)
    shell = ["/bin/sh", "-c", GUARD, "guard", str(folder), *words]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.Popen(
        shell, stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, start_new_session=True, env=environment,
        cwd=folder, **somebody(),
    )  # fmt: skip


def _died(process: subprocess.Popen[bytes], folder: Path) -> str:
    if process.poll() is None:
        return ""
    log = folder / "log"
    lines = log.read_text(errors="replace").strip().splitlines() if log.is_file() else []
    return lines[-1] if lines else "it ended without a word"


def _stop(process: subprocess.Popen[bytes], folder: Path) -> None:
    if process.stdin:
        process.stdin.close()
    else:
        process.terminate()
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    remove(folder)


def _await(ask: Callable[[], str], died: Callable[[], str], complaint: str) -> str:
    """The version as soon as the server says it. Raises Unavailable if it ends first, or takes too long."""
    deadline = time.monotonic() + READY
    while True:
        try:
            return ask()
        except Exception as error:  # each client has its own for "not yet"
            if reason := died():
                raise Unavailable(f"{complaint}: {reason}") from None
            if time.monotonic() > deadline:
                raise Unavailable(f"{complaint} within {READY:.0f} s: {first_line(error)}") from None
            time.sleep(0.02)


def _within(seconds: float, ask: Callable[[], str], complaint: str) -> str:
    """The version of a server that is said to run."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except Exception as error:
            if time.monotonic() > deadline or "refused" in str(error).lower():
                raise Unavailable(f"{complaint} ({first_line(error)})") from None
            time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def without_secret(url: str) -> str:
    """An address as it may be shown."""
    return re.sub(r"(://[^:@/]*):[^@/]*@", r"\1:…@", url)


def missing(name: str, reasons: str) -> str:
    """What a student reads when a service cannot be had."""
    title, entry = service.service(name).TITLE, service.entries()[name]
    up = f"docker compose --profile {entry.profiles[0]} up -d"
    asked_for = "\n" not in reasons  # only one place was looked at, because somebody said so
    why = f" ({reasons.partition(': ')[2]})" if asked_for else ""
    return f"{title} is not running here{why}. It costs no points.\n{up}      or: {command('grade doctor')}"
