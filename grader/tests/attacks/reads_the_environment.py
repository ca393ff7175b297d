"""Reads the environment, arguments and open files of its own process and of those that started it.

Must: no variable of the trusted process is anywhere to be read.
"""

import os
from pathlib import Path


def parse_amount(text: str) -> int:
    found = [os.environ.get("COURSE_CANARY", "")]
    pids = ["self", "1", str(os.getppid()), *(path.name for path in Path("/proc").glob("[0-9]*"))]
    for pid in pids:
        for name in ("environ", "cmdline"):
            try:
                parts = Path("/proc", pid, name).read_bytes().split(b"\0")
            except OSError:
                continue
            found += [part.decode("utf-8", "replace") for part in parts if b"CANARY" in part or b"--results" in part]
    raise LookupError(" ".join(dict.fromkeys(found)))
