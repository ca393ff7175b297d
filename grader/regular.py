"""The one way to open a file that somebody else may have laid there: a regular file of bounded size, never a link."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

NO_LINK = getattr(os, "O_NOFOLLOW", 0)
FILE = os.O_RDONLY | NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
FOLDER = NO_LINK | getattr(os, "O_DIRECTORY", 0)


def open_regular(path: Path, most: int, root: Path | None = None) -> int:
    """A descriptor for reading. Raises OSError for a link, a pipe, a device, a folder, or more than `most` bytes.

    Of the folders between `root`, which is ours, and the file none may be a link either.
    """
    try:
        descriptor = _open_below(root, path) if root and os.open in os.supports_dir_fd else os.open(path, FILE)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise OSError(errno.ELOOP, "this is a link") from None
        raise
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_size <= most:
        return descriptor
    os.close(descriptor)
    if stat.S_ISREG(status.st_mode):
        raise OSError(errno.EFBIG, f"{status.st_size:,} bytes are too many; at most {most:,}")
    raise OSError(errno.EINVAL, "this is no regular file")


def _open_below(root: Path, path: Path) -> int:
    """Step by step, so that nobody can put a link into the path meanwhile."""
    *folders, name = path.relative_to(root).parts
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in folders:
            below = os.open(part, FOLDER, dir_fd=folder)
            os.close(folder)
            folder = below
        return os.open(name, FILE, dir_fd=folder)
    finally:
        os.close(folder)


def read_regular(path: Path, most: int, root: Path | None = None) -> bytes:
    """The content of such a file, cut at `most` should it grow while it is read."""
    with os.fdopen(open_regular(path, most, root), "rb") as file:
        return file.read(most)
