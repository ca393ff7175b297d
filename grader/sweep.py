"""Runs that were killed leave folders and control groups behind; the next run removes them."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def sweep(folder: Path) -> None:
    """Removes what killed runs left: folders named course-<pid>-… whose process is gone."""
    for left in folder.glob("course-*-*"):
        pid = left.name.split("-")[1]
        if pid.isdecimal() and not exists(int(pid)):
            with contextlib.suppress(OSError):
                left.rmdir() if folder.is_relative_to("/sys") else shutil.rmtree(left)


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
