"""Log analyzer: a model answer."""

import gzip
import hashlib
import json
import math
import re
import sqlite3
import statistics
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from ipaddress import ip_address
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

SHOP_CLOCK = timezone(timedelta(hours=7))


# Lines


class Hit(NamedTuple):
    ip: str
    at: datetime
    method: str
    path: str
    status: int
    size: int
    agent: str
    seconds: float


# What each field looks like, from the left; the last group of a part is the field itself.
GRAMMAR = {
    "ip": rb"(\S+)(?= )",
    "time": rb" - [^[]* \[([^]]*)\]",
    "request": rb' "([^"]*)"',
    "status": rb" ([1-5]\d\d)(?= )",
    "size": rb" (\d{1,15}|-)(?= )",
    "referrer": rb' "[^"]*"',
    "agent": rb' "([^"]*)"',
    "seconds": rb" (\d{1,15}(?:\.\d+)?|-)\Z",
}
LINE = re.compile(b"".join(GRAMMAR.values()))
# The path ends before decoding: %3F is a question mark of its own.
REQUEST = re.compile(rb"([A-Z]+) (?=\S)([^\s?#]*)\S* HTTP/[\d.]+")
TIME = re.compile(rb"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])([01]\d|2[0-3])([0-5]\d)")
# Not strptime: it expects the month names of the machine's language.
MONTHS = {
    name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)
}
ESCAPE = re.compile(rb"\\x([0-9A-Fa-f]{2})")


def parse_line(line: bytes) -> Hit:
    match = LINE.match(line)
    if not match:
        raise first_fault(line)
    ip, at, request, status, size, agent, seconds = match.groups()
    return Hit(
        address(ip),
        moment(at),
        *method_and_path(request),
        int(status),
        0 if size == b"-" else int(size),
        "" if agent == b"-" else unescaped(agent).decode("utf-8", "replace"),
        0.0 if seconds == b"-" else float(seconds),
    )


def first_fault(line: bytes) -> ValueError:
    """The error for a line that does not match LINE; slow, but such lines are few."""
    pattern = b""
    for field, part in GRAMMAR.items():
        pattern += part
        match = re.match(pattern, line)
        if not match:
            break
        if field in ("ip", "time"):
            {"ip": address, "time": moment}[field](match[match.lastindex])
    return ValueError(f"{field}: missing, or not as it should be")


@lru_cache(maxsize=4096)  # a visitor has many lines
def address(text: bytes) -> str:
    try:
        ip_address(text.decode("ascii"))
    except ValueError:
        raise ValueError(f"ip: {text!r} is no address") from None
    return text.decode("ascii")


@lru_cache(maxsize=64)  # a second has many lines
def moment(text: bytes) -> datetime:
    try:
        day, month, year, hour, minute, second, sign, hours, minutes = TIME.fullmatch(text).groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == b"-" else 1)
        local = datetime(int(year), MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        return local - offset
    except (AttributeError, KeyError, ValueError, OverflowError):
        raise ValueError(f"time: {text!r} is no time") from None


def method_and_path(request: bytes) -> tuple[str, str]:
    match = REQUEST.fullmatch(request)
    if not match:
        return "", ""
    method, path = match.groups()
    return method.decode(), unquote_to_bytes(unescaped(path)).decode("utf-8", "replace")


def unescaped(text: bytes) -> bytes:
    if b"\\x" not in text:
        return text
    return ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), text)


# Files


def is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def read_lines(path: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    with gzip.open(path) if is_gzip(path) else path.open("rb") as file:
        file.seek(start)
        offset = start
        for line in file:
            if not line.endswith(b"\n"):
                return  # half a line: its end is still to come
            offset += len(line)
            yield offset, line[: -2 if line.endswith(b"\r\n") else -1]


# Metrics


class Histogram:
    """Range number n counts values above SMALLEST * GROWTH**(n - 1), up to SMALLEST * GROWTH**n."""

    SMALLEST = 0.001
    ERROR = 0.04  # less than was promised: room for rounding
    GROWTH = (1 + ERROR) / (1 - ERROR)
    MIDDLE = 1 - ERROR  # times the upper end: as far from the lower end as from the upper one

    def __init__(self) -> None:
        self.zeros = 0
        self.ranges: Counter[int] = Counter()

    def add(self, seconds: float, count: int = 1) -> None:
        if not 0 <= seconds < math.inf:  # NaN fails every comparison
            raise ValueError(f"seconds: {seconds} is no duration")
        if seconds < self.SMALLEST:
            self.zeros += count
        else:
            self.ranges[math.ceil(math.log(seconds / self.SMALLEST) / LOG_GROWTH)] += count

    def merge(self, other: "Histogram") -> None:
        self.zeros += other.zeros
        self.ranges.update(other.ranges)

    def quantile(self, q: float) -> float | None:
        if not 0 <= q <= 1:
            raise ValueError(f"q: {q} is not within 0 and 1")
        total = self.zeros + self.ranges.total()
        if not total:
            return None
        rank = max(1, math.ceil(q * total))
        seen, value = self.zeros, 0.0
        for number in sorted(self.ranges):
            if seen >= rank:
                break
            seen += self.ranges[number]
            value = self.SMALLEST * self.GROWTH**number * self.MIDDLE
        return value

    def to_dict(self) -> dict:
        return {"zeros": self.zeros, "ranges": {str(number): count for number, count in self.ranges.items()}}

    @staticmethod
    def from_dict(d: dict) -> "Histogram":
        histogram = Histogram()
        histogram.zeros = d["zeros"]
        histogram.ranges = Counter({int(number): count for number, count in d["ranges"].items()})
        return histogram


LOG_GROWTH = math.log(Histogram.GROWTH)


class Window:
    """The counts of one window."""

    def __init__(self) -> None:
        self.requests = self.errors = self.bytes = 0
        self.seconds = Histogram()

    def add(self, hit: Hit) -> None:
        self.requests += 1
        self.errors += hit.status >= 500
        self.bytes += hit.size
        self.seconds.add(hit.seconds)


def window_number(at: datetime, minutes: int) -> int:
    return int(at.timestamp()) // (60 * minutes)


def window_start(number: int, minutes: int) -> datetime:
    return datetime.fromtimestamp(number * 60 * minutes, UTC)


def window_metrics(hits: Iterable[Hit], minutes: int) -> list[dict]:
    windows: defaultdict[int, Window] = defaultdict(Window)
    for hit in hits:
        windows[window_number(hit.at, minutes)].add(hit)
    if not windows:
        return []
    return [row(window_start(n, minutes), windows[n]) for n in range(min(windows), max(windows) + 1)]


def row(start: datetime, window: Window) -> dict:
    return {
        "start": start,
        "requests": window.requests,
        "errors": window.errors,
        "bytes": window.bytes,
        "p50": window.seconds.quantile(0.5),
        "p95": window.seconds.quantile(0.95),
    }


ROBOTS = re.compile("bot|crawler|spider|curl", re.IGNORECASE)


def sessions(hits: Iterable[Hit], gap_minutes: int = 30) -> list[dict]:
    people = [hit for hit in hits if hit.agent and not ROBOTS.search(hit.agent)]
    people.sort(key=lambda hit: (hit.ip, hit.agent, hit.at, hit.path))
    found = []
    for _, visits in groupby(people, key=lambda hit: (hit.ip, hit.agent)):
        found += visits_of_one(visits, timedelta(minutes=gap_minutes))
    return sorted(found, key=lambda session: (session["start"], session["ip"], session["agent"]))


def visits_of_one(hits: Iterable[Hit], gap: timedelta) -> list[dict]:
    found: list[dict] = []
    for hit in hits:
        if not found or hit.at - found[-1]["end"] > gap:
            new = {"ip": hit.ip, "agent": hit.agent, "start": hit.at, "end": hit.at, "hits": 0}
            found.append(new | {"entry": hit.path, "exit": hit.path})
        found[-1] |= {"end": hit.at, "hits": found[-1]["hits"] + 1, "exit": hit.path}
    return found


def spikes(windows: list[dict], minimum: int = 20) -> list[dict]:
    found = []
    rates: list[float] = []  # of the windows so far that have requests
    empty: list[dict] = []  # the run of windows without requests that is just being read
    for window in windows:
        if not window["requests"]:
            empty.append(window)
            continue
        if rates and len(empty) >= 3:
            found.append({"start": empty[0]["start"], "kind": "silence"})
        empty = []
        rate = window["errors"] / window["requests"]
        judged = window["requests"] >= minimum and len(rates) >= 3
        # The median: one bad window among the last ones does not raise it, as it would raise the mean.
        if judged and rate > max(0.05, 3 * statistics.median(rates[-12:])):
            found.append({"start": window["start"], "kind": "errors"})
        rates.append(rate)
    return found


# Counting each line once

SCHEMA = """
    -- A commit need not wait for the disk: what a power cut undoes, it undoes for counts and positions together.
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS windows(
        start TEXT PRIMARY KEY, requests INTEGER NOT NULL, errors INTEGER NOT NULL, bytes INTEGER NOT NULL,
        histogram TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    INSERT OR IGNORE INTO counters VALUES ('lines', 0), ('bad', 0);
    -- A log is known by the digest of its first line: its name changes, and the line itself may hold a token.
    CREATE TABLE IF NOT EXISTS logs(digest TEXT PRIMARY KEY, position INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


def ingest(
    folder: Path, db: Path, minutes: int = 5, batch: int = 1000, meanwhile: Callable[[int], None] | None = None
) -> dict:
    done = {"lines": 0, "bad": 0, "files": 0, "unreadable": []}
    with closing(sqlite3.connect(db)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("INSERT OR IGNORE INTO settings VALUES ('minutes', ?)", [minutes])
        for path in sorted(folder.glob("access.log*")):
            before = done["lines"]
            for digest, lines in new_batches(connection, path, batch, done["unreadable"]):
                windows, bad = counted((line for _, line in lines), minutes)
                done["lines"] += len(lines)
                done["bad"] += bad
                if meanwhile:
                    meanwhile(done["lines"])
                with connection:  # all of it or nothing
                    add_windows(connection, windows)
                    add_to_counters(connection, lines=len(lines), bad=bad)
                    connection.execute("INSERT OR REPLACE INTO logs VALUES (?, ?)", [digest, lines[-1][0]])
            done["files"] += done["lines"] > before
    return done


def new_batches(
    connection: sqlite3.Connection, path: Path, batch: int, unreadable: list[str]
) -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
    """(digest of the log, its next lines) until there are no more."""
    first = next(readable(path, 0, unreadable), None)
    if first is None:
        return
    digest = hashlib.sha256(first[1]).hexdigest()
    known = connection.execute("SELECT position FROM logs WHERE digest = ?", [digest]).fetchone()
    position = known[0] if known else 0
    if is_read_to_the_end(path, position):
        return
    lines = readable(path, position, unreadable)
    while some := list(islice(lines, batch)):
        yield digest, some


def readable(path: Path, start: int, unreadable: list[str]) -> Iterator[tuple[int, bytes]]:
    """The lines of a file as far as they can be read. Catches nothing that happens outside of read_lines."""
    try:
        yield from read_lines(path, start)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        unreadable.append(path.name)


def is_read_to_the_end(path: Path, position: int) -> bool:
    """A gzip ends with the length of its content: old logs need not be decompressed again every few minutes."""
    if not is_gzip(path):
        return False
    with path.open("rb") as file:
        file.seek(-4, 2)
        return int.from_bytes(file.read(4), "little") == position % 2**32


def counted(lines: Iterable[bytes], minutes: int) -> tuple[dict[int, Window], int]:
    windows: defaultdict[int, Window] = defaultdict(Window)
    bad = 0
    for line in lines:
        try:
            hit = parse_line(line)
        except ValueError:
            bad += 1
        else:
            windows[window_number(hit.at, minutes)].add(hit)
    return {window_start(number, minutes): window for number, window in windows.items()}, bad


def add_windows(connection: sqlite3.Connection, windows: dict[datetime, Window]) -> None:
    for start, window in windows.items():
        key = as_text(start)
        stored = connection.execute("SELECT histogram FROM windows WHERE start = ?", [key]).fetchone()
        if stored:
            window.seconds.merge(Histogram.from_dict(json.loads(stored[0])))
        connection.execute(
            """INSERT INTO windows VALUES (?, ?, ?, ?, ?) ON CONFLICT (start) DO UPDATE SET
               requests = requests + excluded.requests, errors = errors + excluded.errors,
               bytes = bytes + excluded.bytes, histogram = excluded.histogram""",
            [key, window.requests, window.errors, window.bytes, json.dumps(window.seconds.to_dict())],
        )


def add_to_counters(connection: sqlite3.Connection, **counts: int) -> None:
    for name, count in counts.items():
        connection.execute("UPDATE counters SET value = value + ? WHERE name = ?", [count, name])


def as_text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


# The report


def write_report(db: Path, day: date, out: Path) -> dict:
    with closing(sqlite3.connect(db)) as connection:
        report = summary(connection, day)
    out.mkdir(parents=True, exist_ok=True)
    replace(out / "report.json", json.dumps(report, indent=2) + "\n")
    replace(out / "report.md", table(report))
    return report


def summary(connection: sqlite3.Connection, day: date) -> dict:
    start = datetime.combine(day, time(), SHOP_CLOCK).astimezone(UTC)
    first, after = as_text(start), as_text(start + timedelta(days=1))
    requests = errors = 0
    seconds, busiest = Histogram(), (0, None)
    query = "SELECT start, requests, errors, histogram FROM windows WHERE start >= ? AND start < ? ORDER BY start"
    for start, many, failed, histogram in connection.execute(query, [first, after]):
        requests += many
        errors += failed
        seconds.merge(Histogram.from_dict(json.loads(histogram)))
        busiest = max(busiest, (many, start), key=lambda pair: pair[0])  # the first of equals
    [[bad]] = connection.execute("SELECT value FROM counters WHERE name = 'bad'")
    return {
        "day": day.isoformat(),
        "requests": requests,
        "errors": errors,
        "error_rate": errors / requests if requests else None,
        "p95": seconds.quantile(0.95),
        "busiest": busiest[1],
        "spikes": [spike for spike in spikes(without_holes(connection)) if first <= spike["start"] < after],
        "bad_lines": bad,
    }


def without_holes(connection: sqlite3.Connection) -> list[dict]:
    """All stored windows, and empty ones between them."""
    query = "SELECT start, requests, errors FROM windows ORDER BY start"
    stored = {start: (requests, errors) for start, requests, errors in connection.execute(query)}
    if not stored:
        return []
    [[minutes]] = connection.execute("SELECT value FROM settings WHERE name = 'minutes'")
    numbers = [window_number(datetime.fromisoformat(start), minutes) for start in (min(stored), max(stored))]
    starts = (as_text(window_start(n, minutes)) for n in range(numbers[0], numbers[1] + 1))
    return [
        {"start": start, "requests": requests, "errors": errors}
        for start in starts
        for requests, errors in [stored.get(start, (0, 0))]
    ]


def table(report: dict) -> str:
    rows = [f"| {name} | {cell(value)} |" for name, value in report.items()]
    return "\n".join(["| metric | value |", "|---|---|", *rows]) + "\n"


def cell(value: object) -> str:
    if isinstance(value, list):
        value = ", ".join(f"{spike['start']} {spike['kind']}" for spike in value) or None
    return "-" if value is None else str(value)


def replace(path: Path, text: str) -> None:
    """Whoever reads `path` finds the old file or the new one, never half of one."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)
