"""Another sound answer: fields cut one by one, files read in chunks, histogram of octaves, SQLite in WAL mode."""

import contextlib
import hashlib
import ipaddress
import json
import math
import os
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Hit(NamedTuple):
    ip: str
    at: datetime
    method: str
    path: str
    status: int
    size: int
    agent: str
    seconds: float


class Fields:
    """What is left of a line; each cut takes a field off its left end."""

    def __init__(self, line: bytes) -> None:
        self.rest = line
        self.field = ""

    def cut(self, field: str, opening: bytes, closing: bytes) -> bytes:
        self.field = field
        if not self.rest.startswith(opening):
            raise ValueError("not where it should be")
        found, end, self.rest = self.rest[len(opening) :].partition(closing)
        if not end:
            raise ValueError("it has no end")
        return found


def digits(text: bytes) -> int:
    if not text or text.strip(b"0123456789") or len(text) > 15:
        raise ValueError("it is no number")
    return int(text)


def parse_line(line: bytes) -> Hit:
    fields = Fields(line + b"\n")
    try:
        return read_fields(fields)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{fields.field}: {error}") from None


def read_fields(fields: Fields) -> Hit:
    ip = fields.cut("ip", b"", b" ").decode("ascii", "replace")
    ipaddress.ip_address(ip)
    if b"[" in fields.cut("time", b"- ", b" ["):
        raise ValueError("the user holds a bracket")
    at = read_time(fields.cut("time", b"", b"]").decode("ascii", "replace"))
    method, path = read_request(fields.cut("request", b' "', b'"'))
    status = fields.cut("status", b" ", b" ")
    if len(status) != 3 or not 100 <= digits(status) <= 599:
        raise ValueError("it is not within 100 and 599")
    size = fields.cut("size", b"", b" ")
    size = 0 if size == b"-" else digits(size)
    fields.cut("referrer", b'"', b'"')
    agent = unescape(fields.cut("agent", b' "', b'"')).decode("utf-8", "replace")
    seconds = fields.cut("seconds", b" ", b"\n")
    if seconds != b"-":
        whole, dot, fraction = seconds.partition(b".")
        digits(whole)
        if dot and not fraction.isdigit():
            raise ValueError("it is no number")
    if fields.rest:
        raise ValueError("something follows")
    took = 0.0 if seconds == b"-" else float(seconds)
    return Hit(ip, at, method, path, int(status), size, "" if agent == "-" else agent, took)


def read_time(text: str) -> datetime:
    if len(text) != 26 or text[2] + text[6] + text[11] + text[14] + text[17] + text[20] != "//::: ":
        raise ValueError("it is no time")
    day, month, year = text[:2], text[3:6], text[7:11]
    hour, minute, second, zone = text[12:14], text[15:17], text[18:20], text[21:]
    numbers = [digits(part.encode()) for part in (day, year, hour, minute, second, zone[1:3], zone[3:])]
    at = datetime(numbers[1], MONTHS.index(month) + 1, numbers[0], *numbers[2:5], tzinfo=UTC)
    offset = timedelta(hours=numbers[5], minutes=numbers[6])
    if zone[0] not in "+-" or numbers[5] > 23 or numbers[6] > 59:
        raise ValueError("it has no zone")
    return at - offset if zone[0] == "+" else at + offset


def read_request(text: bytes) -> tuple[str, str]:
    parts = text.split(b" ")
    if len(parts) != 3 or not all(parts):
        return "", ""
    method, target, version = parts
    number = version.removeprefix(b"HTTP/")
    if method.strip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ") or number == version or number.strip(b"0123456789."):
        return "", ""
    path = target.partition(b"?")[0].partition(b"#")[0]
    return method.decode(), unquote_to_bytes(unescape(path)).decode("utf-8", "replace")


def unescape(text: bytes) -> bytes:
    first, *others = text.split(b"\\x")
    return first + b"".join(bytes.fromhex(part[:2].decode()) + part[2:] for part in others)


def chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        data = file.read(65536)
        packed = data[:2] == b"\x1f\x8b"
        gunzip = zlib.decompressobj(31)
        while data:
            if not packed:
                yield data
                data = file.read(65536)
                continue
            yield gunzip.decompress(data, 1 << 18)
            data = gunzip.unconsumed_tail or gunzip.unused_data or file.read(65536)
            if gunzip.eof:
                gunzip = zlib.decompressobj(31) if data else gunzip
        if packed and not gunzip.eof:
            raise EOFError(f"{path.name} is cut off")


def read_lines(path: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    skip, offset, rest = start, start, b""
    for chunk in chunks(path):
        if skip >= len(chunk):
            skip -= len(chunk)
            continue
        *lines, rest = (rest + chunk[skip:]).split(b"\n")
        skip = 0
        for line in lines:
            offset += len(line) + 1
            yield offset, line.removesuffix(b"\r")


class Histogram:
    """Microseconds, of which the first five binary digits are kept: 16 ranges from one power of two to the next."""

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}

    def add(self, seconds: float, count: int = 1) -> None:
        if not math.isfinite(seconds) or seconds < 0:
            raise ValueError(f"{seconds} is no duration")
        micros = round(seconds * 1_000_000) if seconds >= 0.001 else 0
        shift = max(0, micros.bit_length() - 5)
        low = micros >> shift << shift
        self.counts[low] = self.counts.get(low, 0) + count

    def merge(self, other: "Histogram") -> None:
        for low, count in other.counts.items():
            self.counts[low] = self.counts.get(low, 0) + count

    def quantile(self, q: float) -> float | None:
        if not 0 <= q <= 1:
            raise ValueError(f"{q} is no share")
        left = q * sum(self.counts.values())
        value = None
        for low, count in sorted(self.counts.items()):
            value = (low + (1 << max(0, low.bit_length() - 5)) / 2) / 1_000_000 if low else 0.0
            left -= count
            if left <= 0:
                break
        return value

    def to_dict(self) -> dict:
        return {f"{low}": count for low, count in sorted(self.counts.items())}

    @staticmethod
    def from_dict(d: dict) -> "Histogram":
        histogram = Histogram()
        histogram.counts = {int(low): count for low, count in d.items()}
        return histogram


def start_of(at: datetime, minutes: int) -> datetime:
    length = timedelta(minutes=minutes)
    return EPOCH + (at - EPOCH) // length * length


def window_metrics(hits: Iterable[Hit], minutes: int) -> list[dict]:
    hits = sorted(hits, key=lambda hit: hit.at)
    if not hits:
        return []
    rows, place, start = [], 0, start_of(hits[0].at, minutes)
    while place < len(hits):
        row = {"start": start, "requests": 0, "errors": 0, "bytes": 0}
        start += timedelta(minutes=minutes)
        histogram = Histogram()
        while place < len(hits) and hits[place].at < start:
            row["requests"] += 1
            row["errors"] += int(hits[place].status >= 500)
            row["bytes"] += hits[place].size
            histogram.add(hits[place].seconds)
            place += 1
        rows.append(row | {"p50": histogram.quantile(0.5), "p95": histogram.quantile(0.95)})
    return rows


def sessions(hits: Iterable[Hit], gap_minutes: int = 30) -> list[dict]:
    last: dict[tuple[str, str], dict] = {}
    found = []
    for hit in sorted(hits, key=lambda hit: (hit.at, hit.path)):
        agent = hit.agent.lower()
        if not agent or "bot" in agent or "crawler" in agent or "spider" in agent or "curl" in agent:
            continue
        session = last.get((hit.ip, hit.agent))
        if not session or hit.at - session["end"] > timedelta(minutes=gap_minutes):
            session = {"ip": hit.ip, "agent": hit.agent, "start": hit.at, "end": hit.at, "hits": 0, "entry": hit.path}
            last[hit.ip, hit.agent] = session
            found.append(session)
        session["end"], session["exit"] = hit.at, hit.path
        session["hits"] += 1
    return sorted(found, key=lambda session: (session["start"], session["ip"], session["agent"]))


def spikes(windows: list[dict], minimum: int = 20) -> list[dict]:
    busy = [place for place, window in enumerate(windows) if window["requests"]]
    found = {}
    for number, place in enumerate(busy):
        if number and place - busy[number - 1] > 3:
            found[busy[number - 1] + 1] = "silence"
        before = sorted(windows[n]["errors"] / windows[n]["requests"] for n in busy[max(0, number - 12) : number])
        if len(before) < 3 or windows[place]["requests"] < minimum:
            continue
        median = (before[len(before) // 2] + before[(len(before) - 1) // 2]) / 2
        rate = windows[place]["errors"] / windows[place]["requests"]
        if rate > 0.05 and rate > 3 * median:
            found[place] = "errors"
    return [{"start": windows[place]["start"], "kind": found[place]} for place in sorted(found)]


@contextlib.contextmanager
def database(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        for table in (
            "windows(start TEXT PRIMARY KEY, requests INT, errors INT, bytes INT, histogram TEXT)",
            "counters(name TEXT PRIMARY KEY, value INT)",
            "progress(beginning TEXT PRIMARY KEY, offset INT)",
        ):
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table}")
        yield connection
    finally:
        connection.close()


def ingest(
    folder: Path, db: Path, minutes: int = 5, batch: int = 1000, meanwhile: Callable[[int], None] | None = None
) -> dict:
    result = {"lines": 0, "bad": 0, "files": 0, "unreadable": []}
    with database(db) as connection:
        for name in ("lines", "bad", "minutes"):
            value = minutes if name == "minutes" else 0
            connection.execute("INSERT OR IGNORE INTO counters VALUES (?, ?)", (name, value))
        for path in folder.iterdir():
            if path.name.startswith("access.log"):
                ingest_file(connection, path, minutes, batch, meanwhile, result)
    result["unreadable"].sort()
    return result


def ingest_file(connection, path, minutes, batch, meanwhile, result) -> None:
    beginning, lines, before, end = None, [], result["lines"], False
    reader = read_lines(path)
    while not end:
        try:
            offset, line = next(reader)
            if beginning is None:
                beginning = hashlib.blake2b(line).hexdigest()
                known = connection.execute("SELECT offset FROM progress WHERE beginning = ?", (beginning,)).fetchone()
                if known:
                    reader = read_lines(path, known[0])
                    continue
            lines.append(line)
        except StopIteration:
            end = True
        except (EOFError, zlib.error):
            result["unreadable"].append(path.name)
            end = True
        if len(lines) == batch or (end and lines):
            done = known[0] if known else 0
            commit(connection, beginning, done, lines, minutes, meanwhile, result, offset)
            known, lines = (offset,), []
    result["files"] += result["lines"] > before


def commit(connection, beginning, done, lines, minutes, meanwhile, result, offset) -> None:
    hits, bad = [], 0
    for line in lines:
        try:
            hits.append(parse_line(line))
        except ValueError:
            bad += 1
    result["lines"] += len(lines)
    result["bad"] += bad
    if meanwhile:
        meanwhile(result["lines"])
    connection.execute("BEGIN IMMEDIATE")
    try:
        for start in {start_of(hit.at, minutes) for hit in hits}:
            add_window(connection, start, [hit for hit in hits if start_of(hit.at, minutes) == start])
        connection.execute("UPDATE counters SET value = value + ? WHERE name = 'lines'", (len(lines),))
        connection.execute("UPDATE counters SET value = value + ? WHERE name = 'bad'", (bad,))
        connection.execute("REPLACE INTO progress VALUES (?, ?)", (beginning, offset))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def add_window(connection, start, hits) -> None:
    key = start.strftime("%Y-%m-%dT%H:%M:%SZ")
    query = "SELECT requests, errors, bytes, histogram FROM windows WHERE start = ?"
    row = connection.execute(query, (key,)).fetchone()
    requests, errors, size, histogram = row or (0, 0, 0, "{}")
    histogram = Histogram.from_dict(json.loads(histogram))
    for hit in hits:
        requests, errors, size = requests + 1, errors + (hit.status >= 500), size + hit.size
        histogram.add(hit.seconds)
    values = key, requests, errors, size, json.dumps(histogram.to_dict())
    connection.execute("REPLACE INTO windows VALUES (?, ?, ?, ?, ?)", values)


def write_report(db: Path, day: date, out: Path) -> dict:
    begin = datetime(day.year, day.month, day.day, tzinfo=timezone(timedelta(hours=7)))
    with database(db) as connection:
        counters = dict(connection.execute("SELECT name, value FROM counters"))
        rows = list(connection.execute("SELECT start, requests, errors, histogram FROM windows ORDER BY start"))
    every: list[dict] = []
    for start, requests, errors, histogram in rows:
        at = datetime.fromisoformat(start)
        while every and (hole := every[-1]["at"] + timedelta(minutes=counters["minutes"])) < at:
            name = hole.strftime("%Y-%m-%dT%H:%M:%SZ")
            every.append({"at": hole, "start": name, "requests": 0, "errors": 0, "h": "{}"})
        every.append({"at": at, "start": start, "requests": requests, "errors": errors, "h": histogram})
    mine = [window for window in every if begin <= window["at"] < begin + timedelta(days=1)]
    starts = {window["start"] for window in mine}
    histogram = Histogram()
    for window in mine:
        histogram.merge(Histogram.from_dict(json.loads(window["h"])))
    requests, errors = sum(window["requests"] for window in mine), sum(window["errors"] for window in mine)
    report = {
        "day": str(day),
        "requests": requests,
        "errors": errors,
        "error_rate": errors / requests if requests else None,
        "p95": histogram.quantile(0.95),
        "busiest": max(mine, key=lambda window: window["requests"])["start"] if requests else None,
        "spikes": [spike for spike in spikes(every) if spike["start"] in starts],
        "bad_lines": counters["bad"],
    }
    write_whole(out, "report.json", json.dumps(report))
    lines = [f"# {day}", "", "| metric | value |", "| :--- | ---: |"]
    for key, value in report.items():
        if key == "spikes":
            lines.append(f"| {key} | {', '.join(s['start'] + ' ' + s['kind'] for s in value) or '-'} |")
        else:
            lines.append(f"| {key} | {'-' if value is None else value} |")
    write_whole(out, "report.md", "\n".join(lines))
    return report


def write_whole(out: Path, name: str, text: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=out)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).replace(out / name)
