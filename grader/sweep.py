"""Runs that were killed leave folders and control groups behind; the next run removes them."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import time
from pathlib import Path

ENOUGH = 20.0
"""Seconds for one folder: what is in it was made by student code, in any number."""
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def sweep(folder: Path) -> None:
    """Removes what killed runs left: folders named course-<pid>-… whose process is gone."""
    for left in folder.glob("course-*-*"):
        pid = left.name.split("-")[1]
        if pid.isdecimal() and not exists(int(pid)):
            with contextlib.suppress(OSError):
                left.rmdir() if folder.is_relative_to("/sys") else remove(left)


def remove(folder: Path, seconds: float = ENOUGH) -> None:
    """Removes a folder that student code may have filled: no link is followed, no nest is too deep.

    What cannot be removed, or not in time, stays, without an error.
    """
    if os.open not in os.supports_dir_fd:
        shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        top = os.open(folder, FOLDER)
        try:
            until = time.monotonic() + seconds
            while _raze(top, until) and time.monotonic() < until:
                pass
        finally:
            os.close(top)
        folder.rmdir()


def _raze(top: int, until: float) -> bool:
    """Removes files, those of the folders in it too, and lifts what is below these. Whether it did anything."""
    done = False
    for name in os.listdir(top):
        if time.monotonic() > until:
            break
        with contextlib.suppress(OSError):
            if not _is_folder(name, top):
                os.unlink(name, dir_fd=top)
            else:
                done |= _empty(name, top, until)
                os.rmdir(name, dir_fd=top)
            done = True
    return done


def _empty(name: str, top: int, until: float) -> bool:
    done = False
    folder = _opened(name, top)
    try:
        for below in os.listdir(folder):  # noqa: PTH208
            if time.monotonic() > until:
                break
            with contextlib.suppress(OSError):
                if _is_folder(below, folder):
                    os.close(_opened(below, folder))  # only what may be written to may be moved
                    os.rename(below, secrets.token_hex(8), src_dir_fd=folder, dst_dir_fd=top)
                else:
                    os.unlink(below, dir_fd=folder)
                done = True
    finally:
        os.close(folder)
    return done


def _opened(name: str, top: int) -> int:
    """A folder, whatever rights it was left with. By descriptor, as the name may become a link at any time."""
    try:
        folder = os.open(name, FOLDER, dir_fd=top)
    except PermissionError:
        if not hasattr(os, "O_PATH"):
            raise
        place = os.open(name, FOLDER | os.O_PATH, dir_fd=top)
        try:
            Path(f"/proc/self/fd/{place}").chmod(0o700)
            folder = os.open(name, FOLDER, dir_fd=top)
        finally:
            os.close(place)
    with contextlib.suppress(OSError):
        os.fchmod(folder, 0o700)
    return folder


def _is_folder(name: str, within: int) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=within, follow_symlinks=False).st_mode)


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
