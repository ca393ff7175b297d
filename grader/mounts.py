"""What a worker sees of the files of the jail: mounts in a namespace of its own.

This file runs inside the jail: it may import only what jail.MODULES names.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

BIND, MOVE, RECURSIVE, PRIVATE, REMOUNT, READ_ONLY, NOSUID, NODEV = 4096, 8192, 16384, 1 << 18, 32, 1, 2, 4
RELATIME = 1 << 21

libc = ctypes.CDLL(None, use_errno=True)
libc.mount.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)


def must(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def own_view(base: str) -> dict[str, int]:
    """No folders for temporary files, an empty /tmp, a /proc of its own: all that need not wait for a test.

    Where those folders still are: the worker will be shown the parts that belong to its test.
    """
    with contextlib.suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    hidden = [base, str(Path(base).with_name("given"))]
    places = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in hidden}
    shown = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in _packages_below("/tmp/")}
    _mount(None, "/", flags=RECURSIVE | PRIVATE)
    _mount("tmpfs", "/tmp", "tmpfs", NOSUID | NODEV, "size=64m,mode=700")
    for path, at in shown.items():  # an interpreter that lives below /tmp still imports from there
        _bind(at, path)
    for path in hidden if not base.startswith("/tmp/") else ():
        _mount("tmpfs", path, "tmpfs", NOSUID | NODEV, "size=1m,mode=700")
    _own_proc("/tmp/.proc")
    _mount("tmpfs", "/dev/shm", "tmpfs", NOSUID | NODEV, "size=64m,mode=700")
    _read_only("/dev")
    return places


def show(folder: str, places: dict[str, int]) -> None:
    above, _, name = folder.rpartition("/")
    if folder:
        _bind(os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=places[above]), folder)


def _packages_below(folder: str) -> list[str]:
    """Where modules are imported from: of this Python and its venv, not what a venv points to besides."""
    ours = [path for path in sys.path if path.startswith((f"{sys.prefix}/", f"{sys.base_prefix}/"))]
    return [path for path in ours if path.startswith(folder) and Path(path).is_dir()]


def _bind(place: int, target: str) -> None:
    Path(target).mkdir(parents=True, exist_ok=True)
    _mount(f"/proc/self/fd/{place}", target, flags=BIND)
    os.close(place)


def _read_only(target: str) -> None:
    """Flags that the mount has already may not be taken from it, so they are said again."""
    has = os.statvfs(target).f_flag
    kept = has & (NOSUID | NODEV | os.ST_NOEXEC) | (RELATIME if has & os.ST_RELATIME else 0)
    _mount(None, target, flags=REMOUNT | BIND | READ_ONLY | kept)


def _own_proc(staged: str) -> None:
    """Nothing of other processes: a new procfs may not be mounted here, so the few harmless parts are taken over."""
    Path(staged).mkdir()
    _mount("tmpfs", staged, "tmpfs", NOSUID | NODEV, "size=64k,mode=755")
    Path(staged, "self").mkdir()
    _mount("/proc/self", f"{staged}/self", flags=BIND)
    Path(staged, "task").mkdir()
    _mount(f"{staged}/task", f"{staged}/self/task", flags=BIND)
    for name in ("oom_adj", "oom_score_adj"):  # memory is taken from the worker first, not from the zygote
        _mount("/dev/null", f"{staged}/self/{name}", flags=BIND)
    for name in ("cpuinfo", "meminfo", "stat", "uptime", "version"):
        Path(staged, name).touch()
        _mount(f"/proc/{name}", f"{staged}/{name}", flags=BIND)
    _mount(staged, "/proc", flags=MOVE)
    Path(staged).rmdir()


def _mount(source: str | None, target: str, kind: str | None = None, flags: int = 0, data: str | None = None) -> None:
    encoded = [text.encode() if text is not None else None for text in (source, target, kind, data)]
    must(libc.mount(encoded[0], encoded[1], encoded[2], flags, encoded[3]), f"mount {target}")
