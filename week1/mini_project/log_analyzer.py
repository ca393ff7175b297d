"""Week 1 · Log analyzer: metrics from access logs that rotate

Sao Mai's web servers write access logs. Every night a log is renamed and later compressed. Operations wants
metrics every few minutes, each line counted once whatever happens to the files or to the program, and a
report a day.

A line of the log (nginx) has nine fields with one blank between them and nothing after the last one:

    IP - USER [10/Mar/2026:13:55:36 +0700] "METHOD TARGET HTTP/1.1" STATUS SIZE "REFERRER" "AGENT" SECONDS

What stands between quotes holds no quote: nginx writes quotes, backslashes, control bytes and all bytes
beyond ASCII as `\\xHH` with two hexadecimal digits, each of them one byte. USER may be empty or hold blanks,
but no `[`.
When a server is killed, half a line stays, and later the next one goes on right behind it: no line of this
form.

Words of this exercise (more of them in week1/README.md):
- Times are aware datetimes in UTC; as text in SQLite, JSON and reports they are `YYYY-MM-DDTHH:MM:SSZ`.
- The shops' clock is UTC+7 all year: their 10 March 2026 is from 2026-03-09T17:00:00Z until just before
  2026-03-10T17:00:00Z.
- A *window* is a stretch of `minutes` minutes. Windows are counted from 1970-01-01T00:00:00Z without gaps;
  the start belongs to a window, the end to the next.
- No function changes what it is given, but for `Histogram.add` and `merge`, which change their own histogram.

Logs to try things on are in week1/data/logs. Run: pytest week1/mini_project/log_analyzer.py
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple


class Hit(NamedTuple):
    """What a line of the log says."""

    ip: str  # as it stands in the line
    at: datetime  # UTC
    method: str  # "" if the request is none
    path: str  # without the query string; "" if the request is none
    status: int
    size: int  # bytes
    agent: str
    seconds: float


def parse_line(line: bytes) -> Hit:
    """Read one line, without its line end.

    - ip: an IPv4 or IPv6 address, that is what `ipaddress.ip_address` takes.
    - at: a day and time that exist, and a zone offset `+HHMM` or `-HHMM` up to 2359; in UTC too a time of the
      years 1 to 9999. Months are Jan, Feb, Mar, … on every machine, also if its language is Vietnamese.
    - method and path: the request is METHOD (capital letters A-Z), TARGET (no blanks) and `HTTP/` with a
      version (digits and dots), one blank between them. Whatever else is between the quotes ("-", nothing,
      "GET /", the bytes of a TLS handshake) is a request too and counts: method "" and path "".
    - path is TARGET up to the first `?` or `#` (what follows holds tokens and phone numbers). Nothing else of
      it is cut or tidied: "//a", "/a/../b" and "http://a/b" stay. Then `\\xHH`, and after it `%HH`, become
      the bytes that they stand for, and the bytes UTF-8 text; what is not UTF-8 becomes U+FFFD, as
      `bytes.decode("utf-8", "replace")` does it. A `%` without two hexadecimal digits stays as it is, and so
      does `+`.
    - status: three digits, 100 to 599. size: 1 to 15 digits, or "-" for 0. seconds: 1 to 15 digits, also with
      a dot and digits behind them, or "-" for 0.0. Digits are 0 to 9.
    - agent: `\\xHH` and UTF-8 as in path, but `%` is nothing special. An agent that is "-" is empty: "".

    Raises ValueError for every other line. Its text begins with the name of a field and a colon ("status:
    …"): the first of ip, time, request, status, size, referrer, agent, seconds that is not as it should be.
    A field without quotes or brackets ends with the blank behind it (only SECONDS with the line). If the line
    ends within a field, it is that one. A fault between IP and `[` counts as time.

    >>> hit = parse_line(b'::1 - - [10/Mar/2026:13:55:36 +0700] "GET /a%20b?x=1 HTTP/1.1" 200 - "-" "x" 0.021')
    >>> hit.at
    datetime.datetime(2026, 3, 10, 6, 55, 36, tzinfo=datetime.timezone.utc)
    >>> hit.method, hit.path, hit.size, hit.agent, hit.seconds
    ('GET', '/a b', 0, 'x', 0.021)
    """
    raise NotImplementedError("week1/mini_project/log_analyzer.py: parse_line")


def read_lines(path: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """The complete lines of a file from byte `start` on, each with the offset of the byte after it.

    A line ends with `\\n` and comes without its `\\n` or `\\r\\n`; everything else stays (blanks, other
    control bytes). What follows the last `\\n` is not complete yet and is not given. An empty line is a line.
    A file that holds b"one\\r\\ntwo\\nthr" gives (5, b"one") and (9, b"two"), and from byte 5 on only (9,
    b"two").

    The file may be gzip: its content says so (its first two bytes are 1f 8b), not its name. `start` and the
    offsets then count bytes of the decompressed content. A gzip that is cut off gives all complete lines that
    can be decompressed, and after them raises EOFError.

    `start` is 0 or an offset that came with a line. Lines are read as they are asked for: the first line of a
    large file, gzip or not, needs no more memory than that of a small one.

    >>> lines = list(read_lines(Path("week1/data/logs/access.log.2.gz")))
    >>> len(lines), lines[0][1][:45]
    (1000, b'222.248.245.152 - - [08/Mar/2026:00:05:44 +07')
    >>> len(list(read_lines(Path("week1/data/logs/access.log"))))  # and half a line that still grows
    999
    """
    raise NotImplementedError("week1/mini_project/log_analyzer.py: read_lines")


class Histogram:
    """How many requests took how long: so small that every window can keep one, and two can be added up.

    Quantiles cannot be averaged, but counts can be added: it counts the values in ranges that grow by a
    factor.
    """

    def __init__(self) -> None:
        """Starts empty."""
        raise NotImplementedError("week1/mini_project/log_analyzer.py: Histogram.__init__")

    def add(self, seconds: float, count: int = 1) -> None:
        """Count a value `count` times (1 or more, also a billion: time and space do not depend on it).

        Raises ValueError if seconds is negative, infinite or not a number.
        """
        raise NotImplementedError("week1/mini_project/log_analyzer.py: Histogram.add")

    def merge(self, other: "Histogram") -> None:
        """Add all of `other`, as if its values had been added here; `other` stays as it is."""
        raise NotImplementedError("week1/mini_project/log_analyzer.py: Histogram.merge")

    def quantile(self, q: float) -> float | None:
        """The value below or at which the share q of all values lies; None if there are none.

        The exact answer is the k-th smallest of all n values, where k = ceil(q * n) as Python computes it in
        floats, but at least 1. What comes back is at most 5 % off it. Values below 0.001 count as 0.0: where
        the exact answer is one of them, 0.0 comes back.

        Raises ValueError if q is not within 0 and 1.

        >>> h = Histogram()
        >>> for seconds in (0.0002, 0.02, 0.03, 5.0): h.add(seconds)
        >>> h.quantile(0.25), 0.019 <= h.quantile(0.5) <= 0.021, 4.75 <= h.quantile(1) <= 5.25
        (0.0, True, True)
        """
        raise NotImplementedError("week1/mini_project/log_analyzer.py: Histogram.quantile")

    def to_dict(self) -> dict:
        """All that `from_dict` needs, as a dict that `json.dumps` can write.

        For values up to 3600 s it has at most 400 entries, however many values were added: every number,
        text, bool or None in it is an entry, at any depth; keys are none.
        """
        raise NotImplementedError("week1/mini_project/log_analyzer.py: Histogram.to_dict")

    @staticmethod
    def from_dict(d: dict) -> "Histogram":
        """The histogram of which `d` is the dict, also after a round trip through JSON text."""
        raise NotImplementedError("week1/mini_project/log_analyzer.py: Histogram.from_dict")


def window_metrics(hits: Iterable[Hit], minutes: int) -> list[dict]:
    """One row per window, ascending, from that of the earliest hit to that of the latest, empty ones too.

    Row: {"start": datetime in UTC, "requests": int, "errors": int (status 500 and above), "bytes": int (sum
    of size), "p50": float, "p95": float}. The last two are quantiles of seconds as Histogram gives them; None
    in a window without hits. Hits come in any order. No hits: [].
    """
    raise NotImplementedError("week1/mini_project/log_analyzer.py: window_metrics")


def sessions(hits: Iterable[Hit], gap_minutes: int = 30) -> list[dict]:
    """The visits: the hits of one visitor, that is of one ip with one agent, without a long pause.

    A pause between two hits that is longer than the gap starts a new session; a pause of exactly the gap does
    not. Left out are hits whose agent is empty or contains bot, crawler, spider or curl, in upper or lower
    case.

    One row per session: {"ip", "agent", "start": time of its first hit, "end": time of its last, "hits": int,
    "entry": path of its first hit, "exit": path of its last}, sorted by (start, ip, agent). Hits come in any
    order; of hits of the same visitor at the same time the one with the smaller path is first.
    """
    raise NotImplementedError("week1/mini_project/log_analyzer.py: sessions")


def spikes(windows: list[dict], minimum: int = 20) -> list[dict]:
    """What somebody should look at: rows {"start": of the window, "kind": "errors" or "silence"}, ascending.

    `windows` are rows as `window_metrics` gives them: ascending, without holes. Only start, requests and
    errors are needed, and start may be of any type.

    - "errors": a window with at least `minimum` requests whose error rate (errors / requests) is above 0.05
      and also above 3 times the median error rate of the windows before it: of the last 12 that have any
      requests, however far back, or of all if they are fewer. The median of an even number is the mean of the
      middle two. A window with fewer than 3 such windows before it is not judged.
    - "silence": the first window of each run of 3 or more without requests, if windows with requests come
      before and after the run.
    """
    raise NotImplementedError("week1/mini_project/log_analyzer.py: spikes")


def ingest(
    folder: Path,
    db: Path,
    minutes: int = 5,
    batch: int = 1000,
    meanwhile: Callable[[int], None] | None = None,
) -> dict:
    """Count what is new in the logs since the last call, and store it in the SQLite file `db`.

    The logs are the files of `folder` whose names start with "access.log". Returns {"lines": complete lines
    read by this call, "bad": those of them that parse_line refuses, "files": number of files that had new
    lines, "unreadable": sorted names of the gzip files that are cut off}. A line that is there twice, in a
    log and in its gzip, is new in one of the two files only.

    Between two calls a log may
    - grow, also by half a line;
    - be renamed (access.log to access.log.1; the server may go on writing to it for a while);
    - be compressed (access.log.1 to access.log.2.gz; both may be there for a while, and the gzip may still be
      cut);
    - be copied to another name and then emptied, to be filled with new lines.

    The first complete lines of two logs differ; two files whose first complete lines are the same are the
    same log. Other lines may be repeated, and each counts. Every complete line is counted once, ever, also if
    it is older than lines that were counted before. Of a cut gzip the lines that can be read count now, the
    others when it is whole.

    Tables:
    - windows(start TEXT PRIMARY KEY, requests, errors, bytes, histogram): counts as in window_metrics;
      histogram is the JSON text of Histogram.to_dict. A window without hits needs no row. `minutes` is the
      same in all calls.
    - counters(name TEXT PRIMARY KEY, value): rows "lines" (complete lines so far, bad ones included) and
      "bad".
    - any others for what you must remember (write_report gets neither folder nor minutes). No query string
      and no referrer is stored anywhere in the database, not even as part of a line.

    Lines are processed in batches of at most `batch` lines. A batch is one transaction: what it counts and
    how far the file was read are one commit, together or not at all; between the batches of a file nothing
    else is committed. Right before each of these commits meanwhile(lines read so far in this call, with this
    batch) is called, if given. Whatever it raises goes out to the caller; the batches before are then in the
    database, this one is not, and the next call goes on from there.

    Memory does not grow with the number of lines. There is never more than one call at a time.

    >>> import tempfile
    >>> db = Path(tempfile.mkdtemp()) / "metrics.db"
    >>> ingest(Path("week1/data/logs"), db, minutes=60)
    {'lines': 2999, 'bad': 4, 'files': 3, 'unreadable': []}
    >>> ingest(Path("week1/data/logs"), db, minutes=60)
    {'lines': 0, 'bad': 0, 'files': 0, 'unreadable': []}
    """
    raise NotImplementedError("week1/mini_project/log_analyzer.py: ingest")


def write_report(db: Path, day: date, out: Path) -> dict:
    """Report on one day of the shops, from a database that `ingest` made.

    A window belongs to the day in which it starts.

    Returns, and writes to out/report.json as one JSON object, with these keys in this order:
    - "day": "YYYY-MM-DD"; "requests", "errors": sums of the day; "error_rate": errors / requests;
    - "p95" of the seconds of all requests of the day, at most 5 % off, as of one Histogram;
    - "busiest": start of the window with most requests, the earliest of equals;
    - "spikes": the rows of `spikes` (minimum 20, start as text) that start in the day, judged among all
      stored windows, also those of other days. Windows without a row between two that have one are empty
      windows;
    - "bad_lines": bad lines so far, of all days.

    A day without data has requests and errors 0, error_rate, p95 and busiest None, and spikes [].

    Writes the same to out/report.md: a table with the header `| metric | value |` and a row for each key in
    the same order. Values are as in the JSON but without quotes; None is `-`; spikes are `start kind`, with a
    comma and a blank between them, or `-` if there are none. Besides the table there may be anything that
    holds no `|`.

    `out` is a folder, made if missing. Nobody ever sees half a file: each is written under a temporary name
    in `out` and then renamed, so that whoever has the old file open keeps all of it. Nothing else is left in
    `out`. The same database and day give the same bytes.

    >>> import tempfile
    >>> home = Path(tempfile.mkdtemp())
    >>> counts = ingest(Path("week1/data/logs"), home / "metrics.db", minutes=60)
    >>> report = write_report(home / "metrics.db", date(2026, 3, 9), home / "reports")
    >>> report["requests"], report["errors"], report["spikes"][0]
    (1000, 83, {'start': '2026-03-09T13:00:00Z', 'kind': 'errors'})
    """
    raise NotImplementedError("week1/mini_project/log_analyzer.py: write_report")
