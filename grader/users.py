"""In a container, where no namespaces can be made, each worker is a user of its own; nothing of that user stays.

What a worker writes belongs to who started the run all the same: the kernel checks files by a user number that may
differ (fsuid). Programs that it starts have the worker's own number, so its folder is open for that one too.
This file runs inside the jail: it may import only what jail.MODULES names.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.sweep import FOLDER, remove

FIRST, MANY = 0x70000000, 1 << 26
"""Numbers that no system gives to anybody, and how many of them."""

NOBODY = 2 * MANY
"""Added to a worker's number: who ends it, and cannot be ended by it."""

ROOTS = FIRST - 1
"""Who files belong to if root started the run."""

DOOR = "/door/socket"
SHARED = ("/tmp", "/dev/shm", "/dev/mqueue")
SET_PDEATHSIG, SET_DUMPABLE, SET_KEEP_RIGHTS, SETUID = 1, 4, 8, 1 << 7
ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"
REMOVE = 0
DEEPEST = 200

libc = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def enter(options: dict[str, Any]) -> socket.socket:
    """The zygote's first steps; the line to the tests' side.

    Workers may neither list the folders that they share nor look into this process.
    """
    libc.prctl(SET_DUMPABLE, 0)
    for place in SHARED:
        if Path(place).is_dir():
            os.chmod(place, 0o1733)  # noqa: PTH101
    uid, gid = options["owner"]
    base = options["base"]
    if uid:  # the group of who started the run keeps all rights
        os.chown(base, 0, gid)
        os.chmod(base, 0o771)  # noqa: PTH101
    options["user"] = FIRST + secrets.randbelow(MANY)
    options["owner"] = [uid or ROOTS, gid]
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.connect(DOOR)
    return control


def become(user: int, owner: list[int], folder: str) -> None:
    """The worker gives up all rights, and may write to one folder."""
    if folder:
        _give(folder, user, owner[0])
    os.setgroups([])
    os.setresgid(user, user, user)
    libc.prctl(SET_KEEP_RIGHTS, 1)
    os.setresuid(user, user, user)
    _rights(SETUID)
    libc.setfsuid(owner[0])
    _rights(0)
    libc.prctl(SET_DUMPABLE, 0)
    libc.prctl(SET_PDEATHSIG, signal.SIGKILL)
    status = dict(line.split(":", 1) for line in Path("/proc/thread-self/status").read_text().splitlines())
    if status["Uid"].split() != [str(user)] * 3 + [str(owner[0])] or int(status["CapPrm"], 16):
        raise OSError(f"still somebody else: {status['Uid']}")


def _rights(which: int) -> None:
    data = (_Data * 2)()
    data[0].effective = data[0].permitted = which
    if libc.capset(ctypes.byref(_Header(0x20080522, 0)), data) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _give(folder: str, user: int, owner: int) -> None:
    """What the test has put there, and what it will, is for the worker to read, change and delete."""
    if Path(folder).stat().st_uid not in (0, owner):
        raise OSError("this folder belongs to somebody else")
    for descriptor, files in _walk(folder):
        os.fchown(descriptor, owner, -1)
        for name in files:
            with contextlib.suppress(OSError):
                os.chown(name, owner, -1, dir_fd=descriptor, follow_symlinks=False)
        with contextlib.suppress(OSError):  # this file system has no such lists
            if DEFAULT not in os.listxattr(descriptor):  # no second worker takes it from the first
                os.setxattr(descriptor, DEFAULT, _access(user, owner))
                os.setxattr(descriptor, ACCESS, _access(user))


def _walk(folder: str | Path, within: int | None = None, depth: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Each folder as a descriptor, and the names of what is in it that is no folder. No link is followed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, FOLDER, dir_fd=within)
        try:
            with os.scandir(descriptor) as entries:
                kinds = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
            yield descriptor, [name for name, is_folder in kinds.items() if not is_folder]
            if depth < DEEPEST:
                for name in (name for name, is_folder in kinds.items() if is_folder):
                    yield from _walk(name, descriptor, depth + 1)
        finally:
            os.close(descriptor)


def _access(*users: int) -> bytes:
    """A list for the kernel: who owns it and these users may do everything, others nothing."""
    nobody, everything = 0xFFFFFFFF, 7
    entries = [(1, everything, nobody), *((2, everything, user) for user in sorted(users))]
    entries += [(4, 0, nobody), (16, everything, nobody), (32, 0, nobody)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def sweep_processes(user: int) -> None:
    """Ends all processes of a user at once; it is done as that user, so that nobody else is hit."""
    os.setresuid(user + NOBODY, user, 0)
    try:
        with contextlib.suppress(ProcessLookupError):  # there is none
            os.kill(-1, signal.SIGKILL)
        _sweep_messages(user)
    finally:
        os.setresuid(0, 0, 0)


def _sweep_messages(user: int) -> None:
    """Shared memory, message queues and semaphores of the old kind, which no file stands for."""
    for kind in ("shm", "msg", "sem"):
        with contextlib.suppress(OSError):
            names, *lines = Path("/proc/sysvipc", kind).read_text().splitlines()
            for line in lines:
                entry = dict(zip(names.split(), line.split(), strict=False))
                if int(entry["uid"]) == user:
                    which = (int(entry["semid"]), 0) if kind == "sem" else (int(entry[f"{kind}id"]),)
                    libc[f"{kind}ctl"](*which, REMOVE, None)


def sweep_files(user: int, base: str, owner: list[int]) -> None:
    """What it left in the folders that all share is removed; what its programs wrote in its own is given back."""
    for place in SHARED:
        with contextlib.suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                if user in (status.st_uid, status.st_gid):
                    _remove(entry)
    for descriptor, files in _walk(base) if owner[0] != ROOTS else ():
        for name in (".", *files):
            with contextlib.suppress(OSError):
                if os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_uid == user:
                    os.chown(name, owner[0], -1, dir_fd=descriptor, follow_symlinks=False)


def _remove(entry: os.DirEntry[str]) -> None:
    with contextlib.suppress(OSError):
        if entry.is_dir(follow_symlinks=False):
            remove(Path(entry.path))
        else:
            Path(entry.path).unlink()
