"""Log files: a whole one, and a folder in which a server writes while logrotate renames, compresses and copies."""

import gzip
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from grader.datasets.access_log import Entry

ORDINARY = {"page", "product", "encoded", "search"}


def write_log(path: Path, entries: Iterable[Entry], *, cut: bool = False) -> dict[str, int]:
    """Write the lines, as gzip if the name says so; `cut`: the last one is only half written. Lazily.

    Returns the kinds of the complete lines that are not ordinary, and how many there are of each.
    """
    kinds: Counter[str] = Counter()
    last = None
    with path.open("wb") as file, _packing(path, file) as target:
        for entry in entries:
            if last:
                kinds[last.kind] += 1
                target.write(last.line + b"\n")
            last = entry
        if last and cut:
            target.write(last.line[: len(last.line) // 2])
            kinds["cut_last_line"] += 1
        elif last:
            kinds[last.kind] += 1
            target.write(last.line + b"\n")
    return {kind: many for kind, many in kinds.items() if kind not in ORDINARY}


def _packing(path: Path, file: BinaryIO) -> BinaryIO:
    """The same bytes every time: neither name nor time in the header."""
    if path.suffix != ".gz":
        return file
    return cast(BinaryIO, gzip.GzipFile("", "wb", 6, file, mtime=0))


def packed(content: bytes) -> bytes:
    """`content` as gzip, the same bytes every time."""
    return gzip.compress(content, compresslevel=6, mtime=0)


class LogFolder:
    """access.log, access.log.1, access.log.2.gz, … in `folder`; the server writes to `current`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.live = self.current = folder / "access.log"
        self.previous = folder / "access.log.1"

    def write(self, content: bytes) -> None:
        """The server appends; also a part of a line, as its buffer happens to be full."""
        with self.current.open("ab") as file:
            file.write(content)

    def compress(self) -> Iterator[str]:
        """access.log.1 becomes access.log.2.gz, step by step: each step is a moment when a reader may come."""
        if not self.previous.exists():
            return
        numbers = sorted((int(path.suffixes[1][1:]) for path in self.folder.glob("access.log.*.gz")), reverse=True)
        for number in numbers:
            older = self.folder / f"access.log.{number + 1}.gz"
            (self.folder / f"access.log.{number}.gz").rename(older)
        second = self.folder / "access.log.2.gz"
        whole = packed(self.previous.read_bytes())
        second.write_bytes(whole[: len(whole) // 2])
        yield "half of access.log.2.gz is written, access.log.1 is still there"
        second.write_bytes(whole)
        yield "access.log.2.gz and access.log.1 are both there"
        self.previous.unlink()
        yield "access.log.1 is gone"

    def rename(self) -> Iterator[str]:
        """access.log becomes access.log.1; until it is told to reopen, the server writes on in the renamed file."""
        yield from self.compress()
        self.live.rename(self.previous)
        self.current = self.previous
        yield "access.log.1 is renamed and still written to"
        self.current = self.live

    def copy_and_truncate(self) -> Iterator[str]:
        """access.log.1 becomes a copy of access.log, which is then emptied. What is written in between is lost."""
        yield from self.compress()
        shutil.copyfile(self.live, self.previous)
        yield "access.log.1 is a copy of access.log"
        self.live.write_bytes(b"")
