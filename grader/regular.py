"""The one way to open a file that somebody else may have laid there: a regular file of bounded size, never a link."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def open_regular(path: Path, most: int) -> int:
    """A descriptor for reading. Raises OSError for a link, a pipe, a device, a folder, or more than `most` bytes."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "this is a link") from None
        raise
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_size <= most:
        return descriptor
    os.close(descriptor)
    if stat.S_ISREG(status.st_mode):
        raise OSError(errno.EFBIG, f"{status.st_size:,} bytes are too many; at most {most:,}")
    raise OSError(errno.EINVAL, "this is no regular file")


def read_regular(path: Path, most: int) -> bytes:
    """The content of such a file, cut at `most` should it grow while it is read."""
    with os.fdopen(open_regular(path, most), "rb") as file:
        return file.read(most)
