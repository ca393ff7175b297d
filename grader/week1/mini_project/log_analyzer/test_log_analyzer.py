import json
import locale
import math
import os
import zlib
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from grader.compare import Place, show
from grader.datasets import access_log
from grader.datasets.access_log import Entry, Trouble, address, escaped, stamp, traffic, written
from grader.datasets.log_folder import LogFolder, packed
from grader.expect import Mismatch, raises, same

NOON = datetime(2026, 3, 10, 6, 55, 36, tzinfo=UTC)
FIELDS = {
    "ip": "203.0.113.7", "time": "10/Mar/2026:13:55:36 +0700", "request": "GET /gio-hang HTTP/1.1", "status": 200,
    "size": 5120, "agent": "Mozilla/5.0", "seconds": "0.021",
}  # fmt: skip


def line(**fields):
    return written(**(FIELDS | fields))


def hit(student, **fields):
    """The hit of a line of FIELDS, but for `fields`."""
    usual = access_log.Hit("203.0.113.7", NOON, "GET", "/gio-hang", 200, 5120, "Mozilla/5.0", 0.021)
    return student.Hit(*usual._replace(**fields))


def shown(text):
    return text.decode("ascii", "backslashreplace")


# parse_line


def check_line(student, text, expected, what):
    """Fails unless the line gives this hit; also an error of the student's comes with the name of the line."""
    try:
        got = student.parse_line(text)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raised = f"{type(error).__name__}: {show(str(error))}"
        raise Mismatch([Place(what, raised, show(expected))]) from error
    same(got, expected, what=what)


@pytest.mark.points(2, of="parse_line")
def test_every_field_of_a_line_is_read(student, rng):
    """What is read wrongly here is wrong in every number after it."""
    check_line(student, line(size="-"), hit(student, size=0), "a line with SIZE -")
    check_line(student, line(seconds="-"), hit(student, seconds=0.0), "a line with SECONDS -")
    check_line(student, line(seconds="60"), hit(student, seconds=60.0), "a line with SECONDS 60")
    check_line(student, line(agent="-"), hit(student, agent=""), "a line with AGENT -")
    check_line(student, line(agent=""), hit(student, agent=""), "a line with an empty AGENT")
    for entry in traffic(rng, 200):
        if entry.hit:
            check_line(student, entry.line, student.Hit(*entry.hit), f"the line {shown(entry.line)}")


@contextmanager
def another_language():
    """Month names are no longer English within the block, if this machine knows another language."""
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("vi_VN", "de_DE", "fr_FR", "es_ES", "ja_JP", "nl_NL", "pt_BR", "ru_RU", "zh_CN"):
            for coding in (".UTF-8", ".utf8", ""):
                try:
                    locale.setlocale(locale.LC_TIME, name + coding)
                except locale.Error:
                    continue
                yield f" on a machine whose language is {name}"
                return
        yield ""
    finally:
        locale.setlocale(locale.LC_TIME, before)


@pytest.mark.points(3, of="parse_line")
def test_times_of_every_zone_meet_in_utc(student, rng):
    """Servers in Frankfurt and in Hanoi write about the same second."""
    times = [datetime(2026, month, rng.randrange(1, 29), rng.randrange(24), 7, tzinfo=UTC) for month in range(1, 13)]
    for at in times:
        for minutes in (0, 420, -210, rng.randrange(-12 * 4, 14 * 4) * 15):
            time = stamp(at, timezone(timedelta(minutes=minutes)))
            check_line(student, line(time=time), hit(student, at=at), f"the time [{time}]")
            offset = student.parse_line(line(time=time)).at.utcoffset()
            same(offset, timedelta(0), what=f"the UTC offset of `at` for the time [{time}]")
    with another_language() as where:
        for at in (time + timedelta(seconds=1) for time in times):  # none that somebody remembers from above
            check_line(student, line(time=stamp(at)), hit(student, at=at), f"the time [{stamp(at)}]{where}")


@pytest.mark.points(3, of="parse_line")
def test_what_is_no_http_request_still_counts(student):
    """Somebody knocked, and the server answered: leave it out and attacks look like quiet nights."""
    for request in (*access_log.NO_REQUESTS, "get / HTTP/1.1", "GET / FTP/1.0", r"\x00\x0E8\x8FU\xFF HTTP/1.1"):
        expected = hit(student, method="", path="", status=400, size=157)
        check_line(student, line(request=request, status=400, size=157), expected, f'the request "{request}"')
    check_line(student, line(), hit(student), "an ordinary request")


@pytest.mark.points(3, of="parse_line")
def test_garbage_is_refused_and_the_field_named(student, rng):
    """A line that nobody can read is counted as bad, and the message says where to look."""
    bad = {
        "ip": ("host.example", "203.0.113.256", "1.2.3", "2402:800::1::2", "unix:"),
        "time": ("31/Feb/2026:13:55:36 +0700", "10/Mai/2026:13:55:36 +0700", "10/Mar/2026:24:00:00 +0700",
                 "10/Mar/2026:13:55:36", "2026-03-10T13:55:36+07:00", "01/Jan/0001:00:00:00 +0700",
                 "10/Mar/2026:13:55:36 +2400", "10/Mar/2026:13:55:36 -0060"),
        "status": ("099", "600", "20", "2000", "abc", "-", "-200"),
        "size": ("-1", "1.5", "12k", "1_000", "0x10", "9" * 16),
        "seconds": ("nan", "-0.1", "1e3", "0,021", "inf", "1_0", "0.021 0.020", "9" * 16),
    }  # fmt: skip
    for field, texts in bad.items():
        for text in texts:
            with raises(ValueError, [f"{field}:"], what=f"a line whose {field} is {text}"):
                student.parse_line(line(**{field: text}))
    with raises(ValueError, ["size:"], what="a line whose size is in Arabic digits"):
        student.parse_line(line(size="١٢"))
    for field, part in {"request": b'"GET /gio', "referrer": b' "https', "agent": b' "Moz'}.items():
        whole = line(referrer="https://saomai.example/")
        with raises(ValueError, [f"{field}:"], what=f"a line that is cut within {field}"):
            student.parse_line(whole[: whole.index(part) + len(part)])
    for field, part in {"time": b" - - [10/Mar", "status": b" 20", "size": b" 51"}.items():
        whole = line(status=200, size=5120)
        with raises(ValueError, [f"{field}:"], what=f"a line that is cut within {field}"):
            student.parse_line(whole[: whole.index(part) + len(part)])
    for text in (b"", b"garbage", FIELDS["ip"].encode(), rng.randbytes(20).replace(b" ", b"")):
        with raises(ValueError, ["ip:"], what=f"the line {shown(text)}"):
            student.parse_line(text)
    whole = line(referrer="https://saomai.example/", agent="Mozilla/5.0 (X11; Linux)")
    for cut in rng.sample(range(whole.index(b"[") + 1, len(whole)), 40):
        with raises(ValueError, what=f"half a line, and the next one right behind it: {shown(whole[:cut] + whole)}"):
            student.parse_line(whole[:cut] + whole)
    for first, second in pairwise(bad):
        with raises(ValueError, [f"{first}:"], what=f"a line with {first} and {second} wrong: the first of them"):
            student.parse_line(line(**{first: bad[first][0], second: bad[second][0]}))
    check_line(student, line(), hit(student), "a good line")


@pytest.mark.points(2, of="parse_line")
def test_the_path_holds_no_query_string(student, rng):
    """Tokens and phone numbers stand behind the question mark, and reports are read by many."""
    token = f"{rng.getrandbits(64):016x}"
    paths = {
        f"/tra-cuu?phone={token}": "/tra-cuu", f"/a#{token}": "/a", f"/a#b?{token}": "/a", f"/a?next=/?b#{token}": "/a",
        f"/?{token}": "/", f"/sale-50%25%3F?{token}": "/sale-50%?", f"/a%23b#{token}": "/a#b",
        f"//wp-login.php?{token}": "//wp-login.php", f"/a/../b;c//?{token}": "/a/../b;c//",
        f"http://other.example/x?{token}": "http://other.example/x", "*": "*", "/a+b%2Bc": "/a+b+c",
    }  # fmt: skip
    for target, path in paths.items():
        text = line(request=f"GET {target} HTTP/2.0", referrer=f"https://saomai.example{target}")
        check_line(student, text, hit(student, path=path), f"the target {target}")


@pytest.mark.points(2, of="parse_line")
def test_strange_bytes_do_not_stop_the_parser(student, rng):
    """One visitor with a quote in his browser's name must not cost the other lines of the day."""
    for ip in ("::1", "2001:db8::7", "::ffff:203.0.113.7", address(rng)):
        check_line(student, line(ip=ip), hit(student, ip=ip), f"a line of {ip}")
    for user in ("Lan Anh", "a - b", "x]", ""):
        check_line(student, line(user=user), hit(student), f"a line of the user {user!r}")
    for target, path in (*access_log.BROKEN, *access_log.ENCODED, (r"/\xC3\xA1o", "/áo"), ("/%E1%BB", "/\ufffd")):
        text = line(request=f"GET {target} HTTP/1.1")
        check_line(student, text, hit(student, path=path), f"the target {target}")
    agents = ('Trình duyệt "của tôi"', "C:\\x41\\", "tab\tand\x7f", "100% [beta] - 5 6", "%41+")
    for shown_as, agent in [(escaped(agent), agent) for agent in agents] + [(r"\xe1\xbb\x93 \xE9!", "ồ \ufffd!")]:
        check_line(student, line(agent=shown_as), hit(student, agent=agent), f"the agent {shown_as}")


# read_lines


def numbered(lines):
    """[(offset after the line, line)] for lines as they stand in the file, with their ends."""
    offset, found = 0, []
    for raw in lines:
        offset += len(raw)
        found.append((offset, raw.removesuffix(b"\n").removesuffix(b"\r")))
    return found


def drawn_lines(rng, count):
    texts = [b"", b" ", b"two  ", b"\ta\t", b"a\rb", b"\x0b\x0c", b"\x85\xe2\x80\xa8", b"\x00", b"x" * 9000]
    return [rng.choice([*texts, b"%d" % rng.getrandbits(64)]) + rng.choice([b"\n", b"\r\n"]) for _ in range(count)]


def noise(rng, count):
    """Lines that gzip cannot make much shorter."""
    return [b"%d %s\n" % (n, rng.randbytes(40).hex().encode()) for n in range(count)]


def until_the_end_is_missed(lines):
    """What an iterator gives before its EOFError."""
    got = []
    with raises(EOFError, what="after the last complete line of a gzip that is cut off"):
        for found in lines:
            got.append(found)
    return got


@pytest.mark.points(3, of="read_lines")
def test_a_cut_gzip_gives_its_lines_before_the_error(student, inbox, rng):
    """The disk was full: what can be read is worth having, and that it is not all must be known."""
    lines = noise(rng, 1500)
    whole, path = packed(b"".join(lines)), inbox / "access.log.2.gz"
    for size in (rng.randrange(len(whole) // 2, len(whole)), rng.randrange(2000, 9000), 5, len(whole) - 4):
        path.write_bytes(whole[:size])
        readable = zlib.decompressobj(31).decompress(whole[:size])
        expected = numbered(lines[: readable.count(b"\n")])
        what = f"a gzip cut after {size} of {len(whole)} bytes"
        same(until_the_end_is_missed(student.read_lines(path)), expected, what=what)
        if len(expected) > 3:
            half = expected[len(expected) // 2][0]
            rest = [found for found in expected if found[0] > half]
            same(until_the_end_is_missed(student.read_lines(path, half)), rest, what=f"{what}, from byte {half}")
    path.write_bytes(whole)
    same(list(student.read_lines(path)), numbered(lines), what="the whole gzip")


@pytest.mark.points(2, of="read_lines")
def test_gzip_is_known_by_its_content(student, inbox, rng):
    """A rotated log is renamed by hand sooner or later."""
    lines = drawn_lines(rng, 8)
    for name, content, expected in (
        ("access.log.1", packed(b"".join(lines)), lines),
        ("access.log.2.gz", b"".join(lines), lines),
        ("access.log.3.gz", b"", []),
        ("access.log", packed(b""), []),
    ):
        (inbox / name).write_bytes(content)
        what = f"{name}, which holds {'gzip' if content[:2] == packed(b'')[:2] else 'no gzip'}"
        same(list(student.read_lines(inbox / name)), numbered(expected), what=what)


@pytest.mark.points(2, of="read_lines")
def test_a_half_written_line_waits_for_its_end(student, inbox, rng):
    """Half a line is no line yet: its status or its size may still be cut."""
    lines = drawn_lines(rng, 5)
    last = b"".join(rng.choice([b"a", b" ", b"\r"]) for _ in range(20))
    for name, content in (("access.log", bytes), ("access.log.1.gz", packed)):
        path = inbox / name
        for size in (1, rng.randrange(2, 20), 20):
            path.write_bytes(content(b"".join(lines) + last[:size]))
            what = f"{name}: five lines and {size} bytes of a sixth"
            same(list(student.read_lines(path)), numbered(lines), what=what)
        path.write_bytes(content(b"".join([*lines, last, b"z\n"])))
        offset = sum(map(len, lines))
        same(list(student.read_lines(path, offset)), [(offset + 22, last + b"z")], what=f"{name}: the sixth line")


@pytest.mark.points(2, of="read_lines")
def test_reading_resumes_at_every_offset(student, inbox, rng):
    """Whoever stops anywhere goes on there, without loss and without repetition."""
    for name, content in (("access.log", bytes), ("access.log.1", packed)):
        lines = drawn_lines(rng, 14)
        (inbox / name).write_bytes(content(b"".join(lines)))
        expected = numbered(lines)
        for done, start in enumerate([0, *(offset for offset, _ in expected)]):
            got = list(student.read_lines(inbox / name, start))
            same(got, expected[done:], what=f"the lines from byte {start} on")


@pytest.mark.points(1, of="read_lines")
def test_the_first_line_does_not_wait_for_the_last(student, inbox, rng, memory):
    """Logs are larger than memory."""
    first = b"%d\n" % rng.getrandbits(64)
    for name, content in (("access.log", bytes), ("access.log.2.gz", packed)):
        peaks = {}
        for count in (1_000, 1_000, 16_000):  # the first time is for what is only made once
            (inbox / name).write_bytes(content(first + b"x" * 999 + (b"\n" + b"y" * 999) * count))
            with memory() as used:
                got = next(student.read_lines(inbox / name))
            same(got, (len(first), first[:-1]), what="the first line")
            peaks[count] = used.peak
        assert peaks[16_000] < 2 * peaks[1_000] + 3_000_000, (
            f"{name}: to give its first line a file of 16 MB took {peaks[16_000] / 1e6:.1f} MB of memory, "
            f"one of 1 MB {peaks[1_000] / 1e6:.1f} MB"
        )


# Histogram


def filled(student, values, count=1):
    histogram = student.Histogram()
    for value in values:
        histogram.add(value, count)
    return histogram


def neighbours(values, q):
    """The exact quantile by nearest rank; with the next ones, where the rank is not sure in floats."""
    ordered = sorted(0.0 if value < 0.001 else value for value in values)
    rank = math.ceil(q * len(ordered))
    ranks = [rank] if q in (0, 0.25, 0.5, 0.75, 1) else [rank - 1, rank, rank + 1]
    return [ordered[min(max(1, rank), len(ordered)) - 1] for rank in ranks]


def near(got, values, q, what):
    """Fails unless `got` is within 5 % of the exact quantile."""
    exact = neighbours(values, q)
    if len(values) <= 8:
        what += f" ({', '.join(f'{value:.6g}' for value in sorted(values))})"
    assert isinstance(got, float), f"{what}: the quantile {q} is {got!r}, expected a float near {exact[0]:.6g}"
    assert min(exact) * 0.95 - 1e-12 <= got <= max(exact) * 1.05 + 1e-12, (
        f"{what}: the quantile {q} is {got:.6g}, which is more than 5 % off the exact {exact[0]:.6g}"
    )


def durations(rng, count):
    """Most fast, a few slow, some very slow; and some below a millisecond."""
    slow = [rng.choice([30.0, 60.0, 3600.0]) for _ in range(count // 40)]
    return [rng.lognormvariate(-3.5, 1.5) for _ in range(count - len(slow))] + slow


@pytest.mark.points(4, of="Histogram")
def test_quantiles_are_within_five_per_cent(student, rng):
    """The slowest requests are the ones that somebody complains about."""
    for what, values in {
        "one value": [rng.choice([0.001, 0.0011, 0.2, 3600.0])],
        "two values": [0.02, 45.0],
        "no time at all": [0.0, 0.0004, 0.00099],
        "values in steps of 3 %": [0.001 * 1.03**n for n in range(500)],
        "skewed values": durations(rng, 400),
        "a few skewed values": durations(rng, rng.randrange(3, 9)),
    }.items():
        histogram = filled(student, rng.sample(values, len(values)))
        for q in (0, 0.25, 0.5, 0.75, 1):
            near(histogram.quantile(q), values, q, what)
    assert student.Histogram().quantile(0.5) is None, "a quantile of no values is None"


@pytest.mark.points(4, of="Histogram")
def test_merged_parts_equal_the_whole(student, rng):
    """The p95 of a day is not the mean of the p95 of its hours."""
    values = durations(rng, 300)
    fast, slow = sorted(values)[:270], sorted(values)[270:]
    for parts in ([fast, slow], [slow, fast], [values[:5], [], values[5:20], values[20:]]):
        whole, merged = filled(student, values), student.Histogram()
        for part in parts:
            other = filled(student, part)
            merged.merge(other)
            if part:
                near(other.quantile(0.5), part, 0.5, "a part after it was merged into another histogram")
        for q in (0, 0.25, 0.5, 0.75, 0.95, 1):
            near(merged.quantile(q), values, q, f"{len(parts)} merged parts")
            same(merged.quantile(q), whole.quantile(q), rel=1e-9, what=f"quantile({q}), merged and whole")


def entries(value):
    """How many numbers, texts, … there are in JSON data."""
    if isinstance(value, dict):
        return sum(map(entries, value.values()))
    return sum(map(entries, value)) if isinstance(value, list) else 1


@pytest.mark.points(3, of="Histogram")
def test_a_histogram_stays_small(student, rng):
    """Every window of every day keeps one; a million requests must not make it larger."""
    values = [0.001 * (3_600_000 ** (n / 999)) for n in range(1000)]
    histogram = filled(student, values)
    before = entries(histogram.to_dict())
    assert before <= 400, f"1000 different values up to 3600 s make {before} entries in to_dict, expected at most 400"
    more = filled(student, [0.0004, *rng.sample(values, 99)], 1_000_000_000)
    size = entries(more.to_dict())
    assert size <= 400, f"100 values added a billion times each make {size} entries in to_dict, expected at most 400"
    for q in (0.25, 0.5, 1):
        near(histogram.quantile(q), values, q, "1000 values")


@pytest.mark.points(2, of="Histogram")
def test_a_histogram_survives_json(student, rng):
    """It is stored between two runs; JSON turns the keys of a dict into text."""
    values = [*durations(rng, 60), 0.0]
    histogram = student.Histogram.from_dict(json.loads(json.dumps(filled(student, values).to_dict())))
    empty = student.Histogram.from_dict(json.loads(json.dumps(student.Histogram().to_dict())))
    assert empty.quantile(0.5) is None, "an empty histogram is empty after a round trip through JSON"
    for what in ("a round trip through JSON", "a round trip, more values and an empty histogram"):
        for q in (0, 0.25, 0.5, 0.75, 1):
            near(histogram.quantile(q), values, q, f"after {what}")
        values = values * 2
        histogram.merge(filled(student, values[: len(values) // 2]))
        histogram.merge(empty)


@pytest.mark.points(2, of="Histogram")
def test_impossible_values_are_refused(student):
    """A clock that was set back must not give negative seconds to a report."""
    histogram = filled(student, [0.25, 0.5])
    for seconds in (-0.001, -5.0, math.nan, math.inf, -math.inf):
        with raises(ValueError, what=f"add({seconds})"):
            histogram.add(seconds)
    for q in (-0.1, 1.001, 95, math.nan):
        with raises(ValueError, what=f"quantile({q})"):
            histogram.quantile(q)
    for q in (0.5, 1):
        near(histogram.quantile(q), [0.25, 0.5], q, "a histogram that refused other values")


def same_rows(got, expected, what):
    """As `same`; if there are too few or too many rows, it says which first."""
    missing, extra = ([row for row in these if row not in those] for these, those in ((expected, got), (got, expected)))
    if len(got) != len(expected) and (missing or extra):
        texts = [
            f"{len(rows)}{f', among them {show(only[0])}' if only else ''}"
            for rows, only in ((got, extra), (expected, missing))
        ]
        raise Mismatch([Place(f"number of {what}", *texts)])
    same(got, expected, what=what)


# window_metrics


def window_of(at, minutes):
    return datetime.fromtimestamp(at.timestamp() // (60 * minutes) * 60 * minutes, UTC)


def check_windows(got, hits, minutes):
    """Fails unless `got` are the windows of `hits`."""
    starts = [window_of(hit.at, minutes) for hit in hits]
    days = round((max(starts) - min(starts)) / timedelta(minutes=minutes)) + 1 if hits else 0
    every = [min(starts) + n * timedelta(minutes=minutes) for n in range(days)]
    inside = {start: [hit for hit, own in zip(hits, starts, strict=True) if own == start] for start in every}
    counts = [
        {"start": start, "requests": len(own), "errors": sum(hit.status >= 500 for hit in own),
         "bytes": sum(hit.size for hit in own)}
        for start, own in inside.items()
    ]  # fmt: skip
    assert all(isinstance(row, dict) and len(row) == 6 for row in got), "a window is a dict with six keys"
    plain = [{key: value for key, value in row.items() if key not in ("p50", "p95")} for row in got]
    same_rows(plain, counts, f"windows of {minutes} minutes (without p50 and p95)")
    for row, own in zip(got, inside.values(), strict=True):
        for key, q in (("p50", 0.5), ("p95", 0.95)):
            if own:
                near(row[key], [hit.seconds for hit in own], q, f"{key} of the window {row['start']:%H:%M}")
            else:
                assert row[key] is None, f"{key} of a window without hits is {row[key]!r}, expected None"


@pytest.mark.points(4, of="window_metrics")
def test_empty_windows_are_rows(student, rng):
    """A shop without visitors is the worst of all; a chart that leaves the hole out shows nothing of it."""
    minutes = rng.choice([5, 10])
    times = [NOON + timedelta(minutes=minutes * n) for n in (0, 1, rng.randrange(4, 8), 30)]
    hits = [hit(student, at=at, size=rng.randrange(9999)) for at in times]
    check_windows(student.window_metrics(hits, minutes), hits, minutes)
    same(student.window_metrics([], 5), [], what="windows of no hits")


@pytest.mark.points(3, of="window_metrics")
def test_a_hit_on_the_edge_belongs_to_the_later_window(student, rng):
    """Counted in both or in none, the sum of the windows is no longer the number of requests."""
    for minutes in (1, 5, 7, 60, rng.choice([11, 13, 90])):
        edge = window_of(NOON, minutes)
        hits = [hit(student, at=edge + timedelta(seconds=s)) for s in (-1, 0, 0, 60 * minutes - 1, 60 * minutes)]
        check_windows(student.window_metrics(hits, minutes), hits, minutes)


@pytest.mark.points(3, of="window_metrics")
def test_windows_do_not_depend_on_the_order_of_hits(student, rng):
    """Several servers write, and their lines come mixed."""
    noon = [Trouble(NOON, NOON + timedelta(hours=2), "errors")]
    hits = [student.Hit(*entry.hit) for entry in traffic(rng, 300, troubles=noon) if entry.hit]
    rng.shuffle(hits)
    minutes = rng.choice([15, 60, 240])
    check_windows(student.window_metrics(iter(hits), minutes), hits, minutes)


# sessions


def visit(student, start, seconds, **who):
    """Hits at `start` and after each of the pauses, in seconds; paths /0, /1, …"""
    times = [start + timedelta(seconds=sum(seconds[:n])) for n in range(len(seconds) + 1)]
    return [hit(student, at=at, path=f"/{n}", **who) for n, at in enumerate(times)]


def session_of(hits):
    """The session that all of these hits make, which are in order."""
    first, last = hits[0], hits[-1]
    return {"ip": first.ip, "agent": first.agent, "start": first.at, "end": last.at, "hits": len(hits),
            "entry": first.path, "exit": last.path}  # fmt: skip


@pytest.mark.points(3, of="sessions")
def test_a_pause_of_exactly_the_gap_stays_one_session(student, rng):
    """Two people who count visits must agree on the edge."""
    for gap in (30, rng.randrange(1, 30)):
        edge, short = 60 * gap, rng.randrange(60)
        hits = visit(student, NOON, [edge, short, edge, edge + 1, edge, 0])
        expected = [session_of(hits[:4]), session_of(hits[4:])]
        got = student.sessions(hits) if gap == 30 else student.sessions(hits, gap)
        same_rows(got, expected, f"sessions with a gap of {gap} minutes: pauses of the gap, and one of a second more")
    same(student.sessions([]), [], what="sessions of no hits")


@pytest.mark.points(4, of="sessions")
def test_sessions_do_not_depend_on_the_order_of_hits(student, rng):
    """Logs of several servers are read one after the other."""
    ips, agents = [address(rng) for _ in range(3)], ["Mozilla/5.0 (X11)", "SaoMai/4.2"]
    expected, hits = [], []
    for ip in ips:
        for agent in agents:
            start = NOON + timedelta(seconds=rng.randrange(3))
            for _ in range(rng.randrange(1, 4)):
                pauses = [rng.choice([0, 0, rng.randrange(1800), 1800]) for _ in range(rng.randrange(6))]
                mine = visit(student, start, pauses, ip=ip, agent=agent)
                expected.append(session_of(mine))
                hits += mine
                start = mine[-1].at + timedelta(seconds=rng.randrange(1801, 9000))
    rng.shuffle(hits)
    expected.sort(key=lambda session: (session["start"], session["ip"], session["agent"]))
    same_rows(student.sessions(iter(hits)), expected, "sessions of six visitors whose hits come mixed")


@pytest.mark.points(3, of="sessions")
def test_robots_are_left_out(student, rng):
    """Half of the traffic is machines, and no machine buys a shirt."""
    people = visit(student, NOON, [5, 5], agent="Mozilla/5.0 (iPhone)")
    robots = ["", *access_log.BOTS, "CURL/8", "My-Bot", "site crawLER", rng.choice(["SPIDER", "sPider"])]
    hits = people + [hit(student, at=NOON, path="/robots.txt", agent=agent) for agent in robots]
    same_rows(student.sessions(hits), [session_of(people)], "sessions of one person and many robots")


# spikes


def windows_of(*counts):
    """Windows of five minutes with (requests, errors) each."""
    return [
        {"start": NOON + n * timedelta(minutes=5), "requests": requests, "errors": errors, "bytes": 10 * requests,
         "p50": 0.02 if requests else None, "p95": 0.5 if requests else None}
        for n, (requests, errors) in enumerate(counts)
    ]  # fmt: skip


def check_spikes(student, what, counts, kinds, **arguments):
    """Fails unless the windows of `counts` have the spikes {place: kind}."""
    windows = windows_of(*counts)
    expected = [{"start": windows[n]["start"], "kind": kinds[n]} for n in sorted(kinds)]
    same(student.spikes(windows, **arguments), expected, what=what)


@pytest.mark.points(3, of="spikes")
def test_one_bad_window_does_not_hide_the_next_spike(student, rng):
    """The mean follows the one bad window; the median does not."""
    calm, bad, next_bad = (100, 2), (100, rng.randrange(90, 100)), (100, 20)
    two = {12: "errors", 13: "errors"}
    check_spikes(student, "twelve calm windows and two bad ones", [*[calm] * 12, bad, next_bad], two)
    stormy = [(100, 30)] * 20
    check_spikes(student, "a bad hour that is long over", [*stormy, *[calm] * 12, next_bad], {32: "errors"})
    check_spikes(student, "a bad hour among the last twelve windows", [*stormy, *[calm] * 5, next_bad], {})
    pause = [(0, 0)] * rng.randrange(15, 20)
    counts = [*stormy, *[calm] * 12, *pause, next_bad]
    check_spikes(student, "a long pause before a bad window", counts, {32: "silence", 32 + len(pause): "errors"})


@pytest.mark.points(2, of="spikes")
def test_a_tiny_window_is_no_spike(student, rng):
    """Whoever is called at night for two requests does not come the next time."""
    calm = [(100, 0)] * rng.randrange(3, 6)
    place = len(calm)
    check_spikes(student, "19 errors in 19 requests", [*calm, (19, 19)], {})
    check_spikes(student, "20 errors in 20 requests", [*calm, (20, 20)], {place: "errors"})
    check_spikes(student, "5 errors in 5 requests, minimum 5", [*calm, (5, 5), (4, 4)], {place: "errors"}, minimum=5)
    few = [(100, 0), (0, 0), (100, 0), (0, 0)]
    check_spikes(student, "two windows with requests before a bad one", [*few, (100, 50)], {})
    check_spikes(student, "three windows with requests before a bad one", [*few, (1, 0), (100, 50)], {5: "errors"})


@pytest.mark.points(2, of="spikes")
def test_a_rate_on_the_limit_is_no_spike(student):
    """A limit that everybody reads in his own way is no limit."""
    for what, before, edge, above in (
        ("windows without errors", [(100, 0)] * 4, (100, 5), (100, 6)),
        ("windows with 2 errors in 32", [(32, 2)] * 5, (32, 6), (32, 7)),
        ("4 windows with 6, 0, 32 and 2 errors in 32", [(32, 6), (32, 0), (32, 32), (32, 2)], (32, 12), (32, 13)),
    ):
        place = len(before)
        check_spikes(student, f"after {what}: {edge[1]} in {edge[0]}", [*before, edge], {})
        check_spikes(student, f"after {what}: {above[1]} in {above[0]}", [*before, above], {place: "errors"})


@pytest.mark.points(3, of="spikes")
def test_silence_is_found(student, rng):
    """No requests, no errors: everything looks fine while the shop is down."""
    busy, empty = (50, 0), (0, 0)
    long = rng.randrange(3, 9)
    check_spikes(student, "three empty windows", [busy, *[empty] * 3, busy], {1: "silence"})
    check_spikes(student, "two empty windows", [busy, *[empty] * 2, busy, empty, busy], {})
    counts = [*[empty] * 4, busy, *[empty] * long, (1, 0), *[empty] * 3, busy, *[empty] * 5]
    kinds = {5: "silence", 6 + long: "silence"}
    check_spikes(student, "empty windows at both ends, and two runs of them between", counts, kinds)
    counts = [busy, busy, busy, *[empty] * long, (50, 25)]
    check_spikes(student, "a silence, then errors", counts, {3: "silence", 3 + long: "errors"})


# ingest


def content_of(entries):
    return b"".join(entry.line + b"\n" for entry in entries)


def different(entries):
    """Entries of which no two have the same line."""
    return list({entry.line: entry for entry in entries}.values())


def text_of(at):
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def truth(entries, minutes):
    """What the database must hold after these lines: counters, and the counts of each window."""
    hits = [entry.hit for entry in entries if entry.hit]
    windows = {}
    for found in hits:
        start = text_of(window_of(found.at, minutes))
        window = windows.setdefault(start, {"requests": 0, "errors": 0, "bytes": 0})
        window["requests"] += 1
        window["errors"] += found.status >= 500
        window["bytes"] += found.size
    return {"lines": len(entries), "bad": len(entries) - len(hits), "windows": dict(sorted(windows.items()))}


def stored(database):
    """What the database holds, in the same shape."""
    counters = {row["name"]: row["value"] for row in database.rows("SELECT name, value FROM counters")}
    rows = database.rows("SELECT start, requests, errors, bytes FROM windows WHERE requests > 0 ORDER BY start")
    for name in ("lines", "bad"):
        known = isinstance(counters.get(name), int)
        assert known, f"the table counters has no row {name} with a number; it holds {show(counters)}"
    windows = {row.pop("start"): row for row in rows}
    return {"lines": counters["lines"], "bad": counters["bad"], "windows": windows}


def check_histograms(student, database, entries, minutes):
    """Fails unless the stored histograms of the busiest windows hold the seconds of the entries."""
    seconds = {}
    for entry in entries:
        if entry.hit:
            seconds.setdefault(text_of(window_of(entry.hit.at, minutes)), []).append(entry.hit.seconds)
    texts = {row["start"]: row["histogram"] for row in database.rows("SELECT start, histogram FROM windows")}
    for start in sorted(seconds, key=lambda start: -len(seconds[start]))[:6]:
        histogram = student.Histogram.from_dict(json.loads(texts[start]))
        for q in (0.5, 1):
            near(histogram.quantile(q), seconds[start], q, f"the stored histogram of the window {start}")


def lines_at(times):
    """Entries with one hit at each time; the seconds differ."""
    found = []
    for number, (at, status) in enumerate(times):
        seconds = f"0.{number % 900 + 50:03}"
        text = line(time=stamp(at), status=status, seconds=seconds)
        found.append(Entry(text, access_log.Hit("", at, "GET", "", status, 5120, "", float(seconds)), "page"))
    return found


def three_logs(rng, folder, count=600):
    """access.log.2.gz, access.log.1 and access.log with `count` lines in all, one of each log twice; the entries."""
    found = list(traffic(rng, count))
    first, second = count // 3, 2 * count // 3
    for begin in (0, first, second):
        place = begin + rng.randrange(1, first - 1)
        found[place + 1] = found[place]
    log = LogFolder(folder)
    (log.folder / "access.log.2.gz").write_bytes(packed(content_of(found[:first])))
    log.previous.write_bytes(content_of(found[first:second]))
    log.write(content_of(found[second:]))
    return found


@pytest.mark.points(2, of="ingest")
def test_ingest_twice_is_ingest_once(student, tmp_path, inbox, rng, sqlite):
    """It runs every few minutes, and most of the time nothing is new."""
    folder, db = inbox / "logs", tmp_path / "metrics.db"
    found = three_logs(rng, folder)
    for name in ("error.log", "old-access.log", "my.access.log.1"):
        (folder / name).write_bytes(content_of(traffic(rng, 5)))
    expected = truth(found, 60)
    counts = {"lines": expected["lines"], "bad": expected["bad"], "files": 3, "unreadable": []}
    same(student.ingest(folder, db, 60), counts, what="the first call")
    same(stored(sqlite(db)), expected, what="the database after the first call")
    check_histograms(student, sqlite(db), found, 60)
    for again in ("second", "third"):
        nothing = {"lines": 0, "bad": 0, "files": 0, "unreadable": []}
        same(student.ingest(folder, db, 60), nothing, what=f"the {again} call")
        same(stored(sqlite(db)), expected, what=f"the database after the {again} call")


class Server:
    """Writes lines to a log that is rotated, in pieces that may end within a line; knows which lines are complete."""

    def __init__(self, rng, folder):
        self.rng, self.log = rng, LogFolder(folder)
        self.lines = traffic(rng, 10_000)
        self.complete, self.firsts = [], set()
        self.half = None  # (entry, the bytes of it that are still to be written)
        self.log.write(b"")

    def write(self):
        """Some lines, the last of them perhaps in part."""
        new = self.new_lines(self.rng.randrange(1, 30))
        self.finish()
        self.log.write(content_of(new[:-1]))
        raw = content_of(new[-1:])
        size = self.rng.choice([len(raw), self.rng.randrange(1, len(raw))])
        self.log.write(raw[:size])
        self.complete += new[:-1]
        self.half = new[-1], raw[size:]
        if size == len(raw):
            self.finish()

    def finish(self):
        """The rest of the line that was written in part."""
        if self.half:
            self.log.write(self.half[1])
            self.complete.append(self.half[0])
            self.half = None

    def new_lines(self, count):
        """The first line of a log is one that no other log begins with."""
        new = [next(self.lines) for _ in range(count)]
        if not self.log.current.exists() or not self.log.current.stat().st_size:
            while new[0].line in self.firsts:
                new[0] = next(self.lines)
            self.firsts.add(new[0].line)
        return [*new[:3], *new[2:]] if self.rng.random() < 0.3 else new  # a line may come twice

    def rotate(self):
        """Yields what happened, at each moment when a reader may come."""
        if not self.log.live.stat().st_size:
            return
        if self.rng.random() < 0.5:
            for happened in self.log.rename():
                yield happened
                if self.log.current == self.log.previous:
                    self.write()
                    self.finish()
                    yield "the server wrote on in access.log.1"
        else:
            self.finish()
            yield from self.log.copy_and_truncate()
        self.log.write(b"")
        yield "access.log is empty"

    def live(self, steps):
        for _ in range(steps):
            self.write()
            yield "the log grew"
            if self.rng.random() < 0.4:
                yield from self.rotate()


@pytest.mark.points(4, of="ingest")
def test_any_schedule_of_rotation_counts_each_line_once(student, tmp_path, inbox, rng, sqlite):
    """Files are renamed, compressed and emptied while nobody looks; the numbers must not know."""
    for case in ("first", "second"):
        server, db = Server(rng, inbox / case), tmp_path / f"{case}.db"
        minutes, lines, story = rng.choice([5, 60]), 0, []
        for happened in server.live(12):
            story.append(happened)
            if rng.random() < 0.5:
                lines += student.ingest(server.log.folder, db, minutes, batch=rng.choice([7, 50, 1000]))["lines"]
                seen = len(server.complete)
                assert lines == seen, (
                    f"{seen} complete lines were written so far, ingest counted {lines}. "
                    f"Since the last call: {'; '.join(story)}"
                )
                story = []
        server.finish()
        lines += student.ingest(server.log.folder, db, minutes)["lines"]
        same(lines, len(server.complete), what="lines of all calls together")
        same(stored(sqlite(db)), truth(server.complete, minutes), what="the database after the last call")
        check_histograms(student, sqlite(db), server.complete, minutes)


def crash_in(rng, number, kind):
    """A callable that raises when it is called the `number`-th time, and the numbers that it was given so far."""
    given = []

    def meanwhile(lines):
        given.append(lines)
        if len(given) == number:
            raise kind("the power went out")

    return meanwhile, given


@pytest.mark.points(3, of="ingest")
def test_a_crash_in_any_batch_then_a_rerun_is_a_clean_run(student, tmp_path, inbox, rng, sqlite):
    """A line that is lost or counted twice is never found again."""
    folder = inbox / "logs"
    found = three_logs(rng, folder)
    batch = rng.randrange(30, 90)
    meanwhile, given = crash_in(rng, 0, RuntimeError)
    student.ingest(folder, tmp_path / "clean.db", 60, batch, meanwhile)
    in_order = given == sorted(given) and given[-1:] == [len(found)]
    assert in_order, (
        f"meanwhile is called before each commit with the lines so far; of {len(found)} lines it heard {given}"
    )
    steps = [b - a for a, b in pairwise([0, *given])]
    assert max(steps) <= batch, f"meanwhile is called at least once for every {batch} lines; it heard {given}"
    for number in (1, *rng.sample(range(2, len(given)), 2), len(given)):
        db = tmp_path / f"crash{number}.db"
        kind = rng.choice([RuntimeError, OSError, EOFError, ValueError, KeyError])
        meanwhile, _ = crash_in(rng, number, kind)
        what = f"{kind.__name__} in call {number} of meanwhile"
        with raises(kind, ["the power went out"], what=what):
            student.ingest(folder, db, 60, batch, meanwhile)
        same(student.ingest(folder, db, 60, batch)["unreadable"], [], what=f"unreadable after {what}")
        same(stored(sqlite(db)), truth(found, 60), what=f"the database after {what} and a second call")
        check_histograms(student, sqlite(db), found, 60)


@pytest.mark.points(2, of="ingest")
def test_after_a_crash_the_database_holds_whole_batches(student, tmp_path, inbox, rng, sqlite):
    """Whoever reads the counters after a crash must see numbers that agree, and most of the work done."""
    folder, batch = inbox / "logs", rng.randrange(20, 60)
    found = three_logs(rng, folder, 450)
    for number in (2, *rng.sample(range(3, len(found) // batch), 2)):
        db = tmp_path / f"crash{number}.db"
        meanwhile, given = crash_in(rng, number, RuntimeError)
        with raises(RuntimeError, ["the power went out"], what=f"an error in call {number} of meanwhile"):
            student.ingest(folder, db, 60, batch, meanwhile)
        now = stored(sqlite(db))
        requests = sum(window["requests"] for window in now["windows"].values())
        assert now["lines"] == requests + now["bad"], (
            f"after a crash the counters say {now['lines']} lines and {now['bad']} bad ones, "
            f"the windows {requests} requests: they were not committed together"
        )
        assert given[-1] - batch <= now["lines"] < given[-1], (
            f"meanwhile({given[-1]}) raised, and batches have at most {batch} lines: the batches before it are in the "
            f"database and its own is not; there are {now['lines']} lines"
        )


def commits(files, db):
    """(what the number belongs to, how many transactions were committed), as the bytes of the database say."""
    names = files.names(db.parent)
    header = files.bytes(db)[:100] if db.name in names else b""
    if len(header) < 100:
        return None, 0
    if header[18:20] != b"\x02\x02":  # a rollback journal: SQLite keeps a file change counter
        return "header", int.from_bytes(header[24:28], "big")
    wal = files.bytes(db.with_name(f"{db.name}-wal")) if f"{db.name}-wal" in names else b""
    if len(wal) < 32:
        return None, 0
    # A frame is a header of 24 bytes and a page; bytes 4 to 7 are not 0 where a commit ends.
    salts, frame = wal[16:24], 24 + int.from_bytes(wal[8:12], "big")
    frames = [wal[begin : begin + 24] for begin in range(32, len(wal) - frame + 1, frame)]
    return salts, sum(head[8:16] == salts and any(head[4:8]) for head in frames)


@pytest.mark.points(2, of="ingest")
def test_each_batch_is_one_commit(student, tmp_path, inbox, rng, sqlite, files):
    """Between two commits the power can go out: then the windows know a batch that the offset does not."""
    db, found, given, seen = tmp_path / "metrics.db", list(traffic(rng, 60)), [], []

    def meanwhile(lines):
        given.append(lines)
        seen.append(commits(files, db))

    student.ingest(one_log(inbox / "logs", content_of(found)), db, 60, 10, meanwhile)
    same(given[-1:], [60], what="what meanwhile was given last: 60 lines in batches of 10")
    for (known, before), (still, after), lines in zip(seen, seen[1:], given, strict=False):
        many = after - before if known == still and known else 1
        assert many <= 1, (
            f"after meanwhile({lines}) there were {many} commits until the next call of meanwhile, expected 1: "
            "commit windows, counters and how far the file was read together, and nothing else between the batches"
        )
    same(stored(sqlite(db)), truth(found, 60), what="the database in the end")


@pytest.mark.points(2, of="ingest")
def test_the_rest_of_a_cut_gzip_counts_when_it_is_whole(student, tmp_path, inbox, rng, sqlite):
    """A full disk cuts a file; somebody copies it again the next day."""
    folder, db = inbox / "logs", tmp_path / "metrics.db"
    found = three_logs(rng, folder)
    names, lines = ["access.log.2.gz"], found[:200]
    whole = (folder / names[0]).read_bytes()
    total = 400
    for size in (20, *sorted(rng.sample(range(len(whole) // 4, len(whole) - 1), 2))):
        (folder / names[0]).write_bytes(whole[:size])
        total_now = 400 + zlib.decompressobj(31).decompress(whole[:size]).count(b"\n")
        new = total_now - total + (400 if size == 20 else 0)
        got = student.ingest(folder, db, 60, batch=rng.choice([10, 1000]))
        same((got["lines"], got["unreadable"]), (new, names), what=f"lines and unreadable, cut after {size} bytes")
        total = total_now
        same(stored(sqlite(db))["lines"], total, what=f"the counter lines, {names[0]} cut after {size} bytes")
    (folder / names[0]).write_bytes(whole)
    got = student.ingest(folder, db, 60)
    same((got["lines"], got["unreadable"]), (600 - total, []), what="lines and unreadable, once the gzip is whole")
    same(stored(sqlite(db)), truth(found, 60), what="the database in the end")
    check_histograms(student, sqlite(db), lines + found[200:], 60)


@pytest.mark.points(1, of="ingest")
def test_late_lines_add_to_their_window(student, tmp_path, inbox, rng, sqlite):
    """A server that was cut off sends its log a day later."""
    folder, db = inbox / "logs", tmp_path / "metrics.db"
    folder.mkdir()
    found = list(traffic(rng, 117))
    rng.shuffle(found)
    firsts = lines_at([(NOON, 200)] * 3)  # they differ in their seconds only
    for number, name in enumerate(("access.log", "access.log.1", "access.log.3")):
        (folder / name).write_bytes(content_of([firsts[number], *found[number::3]]))
        same(student.ingest(folder, db, 240)["lines"], 40, what=f"lines of {name}")
    found += firsts
    same(stored(sqlite(db)), truth(found, 240), what="the database after three logs of the same day")
    check_histograms(student, sqlite(db), found, 240)
    twice = "INSERT INTO {0} SELECT * FROM {0} LIMIT 1"
    for table in ("windows", "counters"):
        assert sqlite(db).refuses(twice.format(table)), f"{table} takes a second row of the same key: no PRIMARY KEY"


@pytest.mark.points(2, of="ingest")
def test_the_database_holds_no_query_string(student, tmp_path, inbox, rng, sqlite, files):
    """Metrics are copied to many places; a password token must not travel with them."""
    folder, home = inbox / "logs", tmp_path / "home"
    home.mkdir()
    with_secret = [entry for entry in different(traffic(rng, 1500)) if entry.secret]
    log = LogFolder(folder)
    log.write(content_of(with_secret))
    log.previous.write_bytes(content_of(with_secret[3:]))
    (folder / "access.log.2.gz").write_bytes(packed(content_of(with_secret[5:]))[:-9])
    log.write(with_secret[0].line[:-5])
    student.ingest(folder, home / "metrics.db", 60)
    same(stored(sqlite(home / "metrics.db"))["lines"], 3 * len(with_secret) - 8, what="the counter lines")
    for name in files.names(home):
        content = files.bytes(home / name)
        leaked = [entry.secret for entry in with_secret if entry.secret.encode() in content]
        assert not leaked, f"{name} holds {leaked[0]}, which stands in query strings and referrers only"


@pytest.mark.points(2, of="ingest")
def test_a_log_ten_times_larger_needs_no_more_memory(student, tmp_path, inbox, rng, memory):
    """The day of the sale has ten times the lines, and the machine is the same."""
    peaks = {}
    for count in (20, 200, 2000):  # the first is for what is made only once
        folder = inbox / f"{count} lines"
        log, half = LogFolder(folder), count // 2
        lines = [long_line(rng, NOON + timedelta(seconds=600 * n // count)) for n in range(count)]
        log.write(b"\n".join(lines[:half]) + b"\n")
        (folder / "access.log.2.gz").write_bytes(packed(b"\n".join(lines[half:]) + b"\n"))
        with memory() as used:
            got = student.ingest(folder, tmp_path / f"{count}.db", 60, 50)
        same(got["lines"], count, what="lines")
        peaks[count] = used.peak
    assert peaks[2000] < 2 * peaks[200] + 2_000_000, (
        f"2000 lines (10 MB) took {peaks[2000] / 1e6:.1f} MB of memory, 200 lines {peaks[200] / 1e6:.1f} MB, "
        "in batches of 50: something keeps what was read"
    )


def long_line(rng, at):
    """A line of 5000 bytes; few visitors, so that what is remembered of each of them counts little."""
    who = rng.randrange(20)
    return line(
        ip=f"203.0.113.{who}", time=stamp(at), referrer=f"https://saomai.example/{'x' * 3000}",
        agent=f"{who} {'M' * 1800}", seconds=f"0.{rng.randrange(100, 1000)}",
    )  # fmt: skip


# write_report


def report_keys(report):
    same(list(report), ["day", "requests", "errors", "error_rate", "p95", "busiest", "spikes", "bad_lines"],
         what="the keys of the report")  # fmt: skip


EMPTY = {"day": "2026-03-12", "requests": 0, "errors": 0, "error_rate": None, "p95": None, "busiest": None,
         "spikes": []}  # fmt: skip


def one_log(folder, content):
    folder.mkdir()
    (folder / "access.log").write_bytes(content)
    return folder


@pytest.mark.points(2, of="write_report")
def test_the_day_begins_at_midnight_in_the_shop(student, tmp_path, inbox, rng, files):
    """The evening's sales of Hanoi belong to the day that the shop calls by that name."""
    midnight = datetime(2026, 3, 9, 17, tzinfo=UTC)
    after, second = midnight + timedelta(days=1), timedelta(seconds=1)
    edges = [midnight - second, midnight, after - second, after]
    found = lines_at((at, 503) for at in edges)
    found += traffic(rng, 900, date(2026, 3, 9), 3)
    minutes = rng.choice([20, 60])
    student.ingest(one_log(inbox / "logs", content_of(found)), tmp_path / "metrics.db", minutes)
    got = student.write_report(tmp_path / "metrics.db", date(2026, 3, 10), tmp_path / "out" / "new")
    hits = [entry.hit for entry in found if entry.hit and midnight <= entry.hit.at < after]
    errors = sum(hit.status >= 500 for hit in hits)
    windows = truth(found, minutes)["windows"]
    inside = {
        start: window["requests"] for start, window in windows.items() if text_of(midnight) <= start < text_of(after)
    }
    report_keys(got)
    expected = {"day": "2026-03-10", "requests": len(hits), "errors": errors, "error_rate": errors / len(hits),
                "busiest": min(inside, key=lambda start: (-inside[start], start)),
                "bad_lines": sum(entry.hit is None for entry in found)}  # fmt: skip
    same(
        {key: got[key] for key in expected},
        expected,
        what="the report of 10 March, which begins at 2026-03-09T17:00:00Z",
    )
    near(got["p95"], [hit.seconds for hit in hits], 0.95, "p95 of the day")
    stored_report = files.json(tmp_path / "out" / "new" / "report.json")
    same(stored_report, got, what="report.json and the returned report")
    same(list(stored_report), list(got), what="the keys in report.json, in their order")


@pytest.mark.points(1, of="write_report")
def test_the_busiest_window_is_the_earliest_of_equals(student, tmp_path, inbox, rng):
    """Two people who look at the same day must speak of the same hour."""
    counts = [2, 7, 3, 7, 7, 1]
    times = [(NOON + timedelta(hours=hour), 200) for hour, many in enumerate(counts) for _ in range(many)]
    rng.shuffle(times)
    student.ingest(one_log(inbox / "logs", content_of(lines_at(times))), tmp_path / "metrics.db", 60)
    got = student.write_report(tmp_path / "metrics.db", date(2026, 3, 10), tmp_path)
    expected = (sum(counts), text_of(window_of(NOON, 60) + timedelta(hours=1)))
    same(
        (got["requests"], got["busiest"]),
        expected,
        what="requests and busiest; the most, 7, came at 07, 09 and 10 o'clock",
    )


@pytest.mark.points(2, of="write_report")
def test_a_day_without_data_has_a_report(student, tmp_path, inbox, rng, files):
    """No report and a report of nothing are two different messages."""
    found = list(traffic(rng, 300))
    student.ingest(one_log(inbox / "logs", content_of(found)), tmp_path / "metrics.db", 60)
    expected = EMPTY | {"bad_lines": sum(entry.hit is None for entry in found)}
    got = student.write_report(tmp_path / "metrics.db", date(2026, 3, 12), tmp_path)
    same(got, expected, what="a day without data")
    same(files.json(tmp_path / "report.json"), expected, what="report.json of a day without data")
    with_data = student.write_report(tmp_path / "metrics.db", date(2026, 3, 10), tmp_path)
    same(with_data["requests"], sum(entry.hit is not None for entry in found), what="requests of a day with data")


@pytest.mark.points(2, of="write_report")
def test_writing_twice_gives_the_same_files_and_never_half_of_one(student, tmp_path, inbox, rng, files):
    """Whoever reads a report while it is written gets the old one or the new one."""
    out, db = tmp_path / "out", tmp_path / "metrics.db"
    found = list(traffic(rng, 400))
    student.ingest(one_log(inbox / "logs", content_of(found)), db, 60)
    names = ["report.json", "report.md"]
    first = student.write_report(db, date(2026, 3, 10), out)
    before = [files.bytes(out / name) for name in names]
    student.write_report(db, date(2026, 3, 10), out)
    for name, content in zip(names, before, strict=True):
        changed = files.bytes(out / name) != content
        assert not changed, f"{name} of the same day has other bytes the second time"
    if os.name == "posix":
        readers = [files.open(out / name) for name in names]
        student.write_report(db, date(2026, 3, 12), out)
        for reader, name, content in zip(readers, names, before, strict=True):
            with reader:
                lost = reader.read() != content
                assert not lost, f"whoever had {name} open lost it: write another file and rename that"
    same(files.names(out), names, what="the files in `out`")
    same(first["requests"], sum(entry.hit is not None for entry in found), what="requests")


def cells(text):
    """The rows of a Markdown table."""
    rows = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in text.splitlines() if "|" in row]
    return [row for row in rows if not all(set(cell) <= set(":-") and "--" in cell for cell in row)]


@pytest.mark.points(1, of="write_report")
def test_the_table_says_the_same_and_no_secret(student, tmp_path, inbox, rng, files):
    """People read the table, programs the JSON; they must not quarrel. And both travel by mail."""
    hours = [NOON + timedelta(hours=n) for n in (0, 2, 3, 8)]
    troubles = [Trouble(*hours[:2], "errors"), Trouble(*hours[2:], "silence")]
    found = list(traffic(rng, 1200, troubles=troubles))
    student.ingest(one_log(inbox / "logs", content_of(found)), tmp_path / "metrics.db", 60)
    for day in (10, 12):
        report = student.write_report(tmp_path / "metrics.db", date(2026, 3, day), tmp_path)
        text = files.text(tmp_path / "report.md")
        same([row[0] for row in cells(text)], ["metric", *report], what="the first column of report.md")
        for row in cells(text):
            two = len(row) == 2
            assert two, f"a row of the table in report.md has {len(row)} cells, expected 2: | {' | '.join(row)} |"
        values = dict(cells(text))
        for key, value in report.items():
            if isinstance(value, (int, float)):
                same(values[key], json.dumps(value), what=f"{key} in report.md")
            elif key != "spikes":
                same(values[key], "-" if value is None else value, what=f"{key} in report.md")
        listed = ", ".join(f"{spike['start']} {spike['kind']}" for spike in report["spikes"])
        same(values["spikes"], listed or "-", what="spikes in report.md")
        everything = text + files.text(tmp_path / "report.json")
        assert not any(entry.secret and entry.secret in everything for entry in found), (
            "a query string is in the report"
        )
    same(values["requests"], "0", what="requests of a day without data in report.md")


@pytest.mark.points(2, of="write_report")
def test_spikes_of_the_day_are_judged_by_the_days_before(student, tmp_path, inbox, rng):
    """At one in the morning the windows to compare with are those of the evening before."""
    begin = datetime(2026, 3, 9, 2, tzinfo=UTC)  # nine in the morning in the shop
    usual, bad, quiet = (25, 0), (25, rng.randrange(5, 20)), (0, 0)
    counts = [usual] * 9 + [quiet] * 3 + [usual] * 2 + [bad]  # 23:00 of 9 March is the last
    counts += [bad] + [usual] * 5 + [quiet] * 4 + [(10, 9)] + [bad] + [usual] * 9 + [quiet] * 3 + [usual]
    times = [
        (begin + timedelta(hours=hour, seconds=n), 500 if n < errors else 200)
        for hour, (requests, errors) in enumerate(counts)
        for n in range(requests)
    ]
    rng.shuffle(times)
    student.ingest(one_log(inbox / "logs", content_of(lines_at(times))), tmp_path / "metrics.db", 60)
    first = [(9, "silence"), (14, "errors")]
    second = [(15, "errors"), (21, "silence"), (26, "errors"), (36, "silence")]
    for day, expected in ((9, first), (10, second), (11, [])):
        got = student.write_report(tmp_path / "metrics.db", date(2026, 3, day), tmp_path)["spikes"]
        spikes = [{"start": text_of(begin + timedelta(hours=hour)), "kind": kind} for hour, kind in expected]
        same(got, spikes, what=f"the spikes of {day} March")
