"""The jail `docker`: one container for a run, made of this machine's own /usr and interpreter, read-only.

Its first process, the zygote, is root with the six rights that it needs to give each worker a user of its own and to
sweep after it; a worker has none (worker.py). No registry is needed: the image is a handful of empty folders.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.jail import MEMORY, PROCESSES, SYSTEM, Jail, Unavailable, interpreter, modules
from grader.sweep import exists

CALL = 10.0
"""Seconds: for one call of the command `docker`, and for a container to come up."""

LABEL = "python-data-engineer.jail"
IMAGE = "python-data-engineer/jail"
DOOR = "/door"
RIGHTS = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID")
LOST = (
    "workers share one container: they see each other's process numbers, /tmp and /dev/shm are emptied after each of "
    "them, not separate, and the folder of another test is hidden by its name alone"
)


@dataclass
class Engine:
    """Docker's engine on this machine, asked through its command line."""

    program: str
    endpoint: str

    @classmethod
    def find(cls) -> Engine:
        """Raises Unavailable, with one line, wherever a container could not be a jail for us."""
        if sys.platform != "linux":
            raise Unavailable("the jail docker exists on Linux only: elsewhere the engine is in a virtual machine")
        program = shutil.which("docker")
        if not program:
            raise Unavailable("docker is not installed: https://docs.docker.com/engine/install/")
        endpoint = _call([program, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]).strip()
        _check_is_here(endpoint)
        engine = cls(program, endpoint)
        engine._check_fits()
        return engine

    def call(self, *arguments: str, given: bytes = b"") -> str:
        return _call([self.program, "--host", self.endpoint, *arguments], given)

    def _check_fits(self) -> None:
        told = self.call("info", "--format", "[{{json .OperatingSystem}},{{json .SecurityOptions}}]")
        try:
            system, options = json.loads(told)
        except ValueError:
            raise Unavailable("docker: this engine does not say what it is") from None
        kinds = {option.split(",")[0] for option in options or ()}
        if system == "Docker Desktop":
            raise Unavailable("docker: Docker Desktop runs in a virtual machine, where our sockets do not reach")
        if kinds & {"name=rootless", "name=userns"}:
            raise Unavailable("docker: this engine maps user numbers; files of a worker would not be ours to delete")
        if "name=seccomp" not in kinds:
            raise Unavailable("docker: this engine has no seccomp filter")

    def image(self) -> str:
        """The image's name; it is made if it is not there."""
        content = _layout()
        name = f"{IMAGE}:{hashlib.sha256(content).hexdigest()[:12]}"
        if not self.call("images", "--quiet", name).strip():
            self.call("import", "-", name, given=content)
        return name

    def sweep(self) -> None:
        """Ends containers whose run is gone; they end by themselves, unless the machine went down with them."""
        lines = self.call(
            "ps", "--all", "--filter", f"label={LABEL}", "--format", f'{{{{.ID}}}} {{{{.Label "{LABEL}"}}}}'
        )
        for line in lines.splitlines():
            container, _, pid = line.partition(" ")
            if pid.isdecimal() and not exists(int(pid)):
                self.remove(container)

    def remove(self, container: str) -> None:
        with contextlib.suppress(Unavailable):  # it may be going already
            self.call("rm", "--force", container)

    def run(self, image: str, inner: list[str], base: Path) -> list[str]:
        """The command that starts a container and stays until it is over."""
        arguments = [
            "run",
            "--rm",
            "--pull=never",
            "--log-driver=none",
            f"--name={_name(base)}",
            f"--label={LABEL}={os.getpid()}",
        ]
        arguments += [
            "--network=none",
            "--hostname=jail",
            "--read-only",
            "--workdir=/tmp",
            "--user=0:0",
            "--cap-drop=ALL",
        ]
        arguments += [f"--cap-add={right}" for right in RIGHTS]
        arguments += ["--security-opt=no-new-privileges", f"--pids-limit={3 * PROCESSES}"]
        arguments += [f"--memory={MEMORY}", f"--memory-swap={MEMORY}", "--shm-size=64m"]
        arguments += ["--tmpfs=/tmp:rw,nosuid,nodev,size=64m,mode=1733"]
        for source, target in _read_only():
            arguments += ["--mount", _mount(source, target, "readonly")]
        given = base.with_name("given")
        arguments += ["--mount", _mount(base.with_name("door"), DOOR, "readonly"), "--mount", _mount(base, base)]
        arguments += ["--mount", _mount(given, given, "readonly")]
        # our own settings could bring proxies, with passwords, into its environment
        settings = ["--config", str(base.with_name("door")), "--host", self.endpoint]
        return [self.program, *settings, *arguments, image, *inner]

    def stop(self, process: subprocess.Popen[bytes], base: Path) -> None:
        """The zygote ends, and the container with it, as soon as nobody is at the other end of its line."""
        try:
            process.wait(CALL)
        except subprocess.TimeoutExpired:
            self.remove(_name(base))
            process.kill()
            process.wait()


def docker() -> Jail:
    engine = Engine.find()
    engine.sweep()
    image = engine.image()
    return Jail(
        "docker", False, lambda inner, base: engine.run(image, inner, base), lost=LOST, container=True, stop=engine.stop
    )


class Door:
    """Where the zygote of a container knocks, once: a socket in a folder that nothing else is in."""

    def __init__(self, base: Path) -> None:
        self._folder = base.with_name("door")
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            self._listener.bind(f"/proc/self/fd/{folder}/socket")  # the name of a socket must be short
        finally:
            os.close(folder)
        self._listener.listen(1)

    def open(self, alive: Callable[[], bool]) -> tuple[socket.socket, int]:
        """The line to the zygote, and its process number. Raises OSError if it does not come, or is gone."""
        until = time.monotonic() + CALL
        self._listener.settimeout(0.05)
        while True:
            try:
                line, _ = self._listener.accept()
                break
            except TimeoutError:
                if not alive() or time.monotonic() > until:
                    raise OSError("its container does not come up") from None
        self.close()
        line.setblocking(True)
        return line, _peer(line)

    def close(self) -> None:
        self._listener.close()
        with contextlib.suppress(OSError):
            (self._folder / "socket").unlink()


def memory_group(pid: int) -> Path | None:
    """The folder in which the kernel counts the memory of a process and its neighbours."""
    root = Path("/sys/fs/cgroup")
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if "memory" in controllers.split(","):
                return root / "memory" / path[1:]
            if not controllers and (root / "cgroup.controllers").exists():
                return root / path[1:]
    return None


def _call(command: list[str], given: bytes = b"") -> str:
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False, timeout=CALL)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"docker: the engine does not answer within {CALL:g} s") from None
    except OSError as error:
        raise Unavailable(f"docker: {error.strerror}") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unavailable(f"docker: {said[-1][:200] if said else f'exit code {done.returncode}'}")
    return done.stdout.decode("utf-8", "replace")


def _check_is_here(endpoint: str) -> None:
    """An engine elsewhere, be it only outside of the container that we are in, cannot mount our folders."""
    kind, _, path = endpoint.partition("://")
    if kind != "unix":
        raise Unavailable(f"docker: the engine is on another machine ({endpoint[:100]}), where our folders are not")
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(CALL)
            line.connect(path)
            outside = _peer(line) == 0
    except PermissionError:
        raise Unavailable(
            f"docker: {path} is not for this user: sudo usermod -aG docker $USER, then log in again"
        ) from None
    except OSError as error:
        raise Unavailable(f"docker: no engine answers at {path} ({error.strerror or error}): is it started?") from None
    if outside:
        raise Unavailable("docker: we are in a container and the engine is outside of it, where our folders are not")


def _peer(line: socket.socket) -> int:
    """The process at the other end; 0 if it is one that cannot be seen from here."""
    return int(struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0])


def _name(base: Path) -> str:
    return base.parent.name


def _read_only() -> list[tuple[Path, Path]]:
    """What of this machine is seen in the container, and where."""
    places = [Path("/usr"), *(path for path in SYSTEM if path.exists() and not path.is_symlink())]
    places += [path for path in map(Path, ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives")) if path.exists()]
    return [*((path.resolve() if path.is_file() else path, path) for path in (*places, *interpreter())), *modules()]


def _mount(source: Path, target: Path | str, *more: str) -> str:
    """One mount, quoted so that a folder's name may have a comma."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(["type=bind", f"source={source}", f"target={target}", *more])
    return text.getvalue()


def _layout() -> bytes:
    """The image: empty folders to mount into, and links such as /bin -> usr/bin as they are here."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name in ("course", "dev", "door", "etc", "proc", "sys", "tmp", "usr"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        for path in SYSTEM:
            if path.is_symlink():
                entry = tarfile.TarInfo(path.name)
                entry.type, entry.linkname = tarfile.SYMTYPE, str(path.readlink())
                tar.addfile(entry)
    return content.getvalue()
