"""Reads the memory of the processes that started it, in search of a secret.

Must: no other process can be opened.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

MOST = 64 * 1024 * 1024


def ancestors(pid: int) -> Iterator[int]:
    while pid > 1:
        pid = int(re.search(r"PPid:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())[1])  # type: ignore[index]
        yield pid


def parse_amount(text: str) -> int:
    found = [search(pid) for pid in [*ancestors(os.getpid()), 1]]
    raise LookupError(" ".join(found))


def search(pid: int) -> str:
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                start, end = (int(edge, 16) for edge in line.split()[0].split("-"))
                if "rw" in line and end - start < MOST:
                    memory.seek(start)
                    if known := re.search(rb"COURSE_CANARY=(\w+)", memory.read(end - start)):
                        return known[1].decode()
    except OSError as error:
        return type(error).__name__
    return ""
