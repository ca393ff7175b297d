"""Programs that refuse to run as root, and where they and their data lie so that another user can reach them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from grader.sweep import sweep

NOBODY = 65534


def as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def somebody() -> dict[str, Any]:
    """For subprocess: as a user without rights, if we are root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_root() else {}


def hand_over(path: Path) -> Path:
    """The path, now belonging to that user."""
    if as_root():
        os.chown(path, NOBODY, NOBODY)
    return path


def cache() -> Path:
    """What is worth keeping from run to run; only we write there, and that user can go through it."""
    if as_root():
        folder = Path("/var/cache")
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir())
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Caches"
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    ours = folder / "python-data-engineer"
    ours.mkdir(parents=True, exist_ok=True)
    return ours


def reachable(programs: Path) -> Path:
    """The folder itself, or a copy of it if that user may not go there, as below the home of root."""
    if not as_root() or all(parent.stat().st_mode & 0o001 for parent in (programs, *programs.parents)):
        return programs
    name = hashlib.sha256(f"{programs} {programs.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    return once(cache() / f"{programs.name}-{name}", lambda folder: shutil.copytree(programs, folder, symlinks=True))


def once(place: Path, make: Any) -> Path:
    """`place`, made by `make(folder)` under another name first: it is there whole or not at all."""
    if not place.exists():
        sweep(place.parent)
        half = place.with_name(f"course-{os.getpid()}-{place.name}")
        shutil.rmtree(half, ignore_errors=True)
        make(half)
        with contextlib.suppress(OSError):  # somebody else was quicker
            half.rename(place)
        shutil.rmtree(half, ignore_errors=True)
    return place
