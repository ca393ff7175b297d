"""Access logs of Sao Mai's web servers: nginx's combined format with the seconds at the end, and its dirt.

The forms are those that nginx 1.22 writes when it is sent such requests: TLS bytes, blanks in user names,
quotes and bytes beyond ASCII as \\xHH, requests of HTTP/0.9, IPv6.
"""

import math
import random
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timezone
from itertools import chain
from typing import NamedTuple, TypeVar

from grader.datasets.people import phone
from grader.datasets.seasons import LOCAL, moments

T = TypeVar("T")

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
BROWSERS = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) CocCoc/131.0.148 {_CHROME} Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 14; SM-A155F) {_CHROME} Mobile Safari/537.36",
    f"{_IPHONE} Version/18.3 Mobile/15E148 Safari/604.1",
    f"{_IPHONE} Mobile/15E148 Zalo iOS/586",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:135.0) Gecko/20100101 Firefox/135.0",
    "SaoMai/4.2 (Android 13; okhttp/4.12.0)",
)
BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "SEMrush-Site-CRAWLER/1.0",
    "curl/8.5.0",
)
QUOTED = 'Trình duyệt "của tôi" C:\\app'
REFERRERS = (
    "-", "-", "https://www.google.com/", "https://saomai.example/", "https://l.facebook.com/l.php?fbclid=IwAR0",
)  # fmt: skip
# TLS on the plain port, nothing at all, a port scan, HTTP/0.9, a blank in the target.
NO_REQUESTS = (
    r"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03ab\x22c\x5C ",
    "-", "", "SSH-2.0-Go", "GET /", "GET /a b HTTP/1.1",
)  # fmt: skip
# Targets as they stand in the line, and the paths that they mean.
PLAIN = ("/", "/", "/khuyen-mai", "/gio-hang", "/thanh-toan", "/api/cart", "/tai-khoan", "/favicon.ico")
SCANNED = ("/wp-login.php", "/.env", "//xmlrpc.php", "/.git/config", "/vendor/phpunit/phpunit.xsd")
ENCODED = (
    ("/danh-m%E1%BB%A5c/%C3%A1o-d%C3%A0i", "/danh-mục/áo-dài"),
    ("/danh-m%E1%BB%A5c/n%C3%B3n-l%C3%A1?s%E1%BA%AFp=gi%C3%A1#%C4%91%E1%BA%A7u", "/danh-mục/nón-lá"),
    ("/tin/100%25-cotton%3F", "/tin/100%-cotton?"),
)
BROKEN = (
    ("/danh-m%F4c", "/danh-m\ufffdc"), ("/caf%E9?q=%FF", "/caf\ufffd"), (r"/\xE9t\xE9", "/\ufffdt\ufffd"),
    ("/%zz%2", "/%zz%2"),
)  # fmt: skip
# How many of 1000 lines are of each kind.
KINDS = {
    "page": 658, "product": 150, "encoded": 40, "search": 40, "phone": 12, "token": 6, "bot": 50, "scan": 12,
    "no_request": 10, "broken": 5, "quoted_agent": 5, "user_name": 4, "repeat": 3, "late": 3, "mangled": 2,
}  # fmt: skip
_KINDS = list(chain.from_iterable([kind] * weight for kind, weight in KINDS.items()))


class Hit(NamedTuple):
    """What a line says."""

    ip: str
    at: datetime  # aware, UTC, whole seconds
    method: str
    path: str
    status: int
    size: int
    agent: str
    seconds: float


class Entry(NamedTuple):
    """A line without its end, and the truth about it: `hit` is None if the line is none of the format."""

    line: bytes
    hit: Hit | None
    kind: str
    secret: str = ""  # what only its query string holds


def stamp(at: datetime, zone: timezone = LOCAL) -> str:
    """The time as nginx writes it: "10/Mar/2026:13:55:36 +0700"."""
    local = at.astimezone(zone)
    return f"{local.day:02}/{MONTHS[local.month - 1]}/{local.year}:{local:%H:%M:%S %z}"


def escaped(text: str) -> str:
    """As nginx writes it: quotes, backslashes, control bytes and bytes beyond ASCII are \\xHH."""
    raw = text.encode()
    return "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02X}" for b in raw)


def written(
    ip: str, time: str, request: str, *,
    status: object, size: object, agent: str, seconds: object, user: str = "-", referrer: str = "-",
) -> bytes:  # fmt: skip
    """A line of these fields, as they stand in the file, without its end."""
    return f'{ip} - {user} [{time}] "{request}" {status} {size} "{referrer}" "{agent}" {seconds}'.encode()


def address(rng: random.Random) -> str:
    """Of IPv4, or of IPv6 (two in ten)."""
    if rng.random() < 0.2:
        a, b, c = (rng.randrange(1, 65536) for _ in range(3))
        return f"2402:800:{a:x}:{b:x}::{c:x}"
    a, b, c = rng.randbytes(3)
    return f"{rng.choice((14, 27, 42, 113, 118, 123, 171, 222))}.{a}.{b}.{c}"


def _one(rng: random.Random, of: Sequence[T]) -> T:
    """As rng.choice, in half the time: a million lines are drawn with it."""
    return of[int(rng.random() * len(of))]


def _target(rng: random.Random, kind: str) -> tuple[str, str, str]:
    """(target as in the line, path, secret of its query string)"""
    if kind == "product":
        path = f"/san-pham/P{int(rng.random() * 5000):05}"
        return f"{path}?utm_source=zalo#anh", path, ""
    if kind == "search":
        return f"/tim-kiem?q=%C3%A1o+d%C3%A0i&trang={rng.randrange(9)}", "/tim-kiem", ""
    if kind == "phone":
        number = phone(rng)
        return f"/tra-cuu?phone={number}", "/tra-cuu", number
    if kind == "token":
        token = f"{rng.getrandbits(128):032x}"
        return f"/mat-khau?token={token}&next=/?a=%2F", "/mat-khau", token
    if kind in ("encoded", "broken"):
        return *_one(rng, ENCODED if kind == "encoded" else BROKEN), ""
    path = _one(rng, SCANNED) if kind == "scan" else _one(rng, PLAIN)
    return path, path, ""


def _outcome(rng: random.Random, kind: str, troubled: bool) -> tuple[int, int, int]:
    """(status, bytes, milliseconds): most fast and good, a few slow, failed or not modified."""
    luck = rng.random()
    millis = int(20 / math.sqrt(1 - rng.random()))  # Pareto; sqrt is exact on every platform
    if troubled and luck < 0.4:
        return 502, 157, 3000 + millis
    if kind == "scan" or 0.97 <= luck < 0.995:
        return 404, 153, millis
    if luck < 0.94:
        return 200, 400 + int(rng.random() * 40_000), millis
    return (304, 0, millis // 20) if luck < 0.97 else (500, 177, 10 * millis)


def _entry(rng: random.Random, kind: str, at: datetime, time: str, visitor: tuple[str, str, bool]) -> Entry:
    ip, agent, troubled = visitor
    status, size, millis = _outcome(rng, kind, troubled)
    seconds = f"{millis // 1000}.{millis % 1000:03}"
    if kind == "no_request":
        request = _one(rng, NO_REQUESTS)
        line = written(ip, time, request, status=400, size=157, agent="-", seconds=seconds)
        return Entry(line, Hit(ip, at, "", "", 400, 157, "", millis / 1000), kind)
    target, path, secret = _target(rng, kind)
    if kind in ("bot", "quoted_agent"):
        agent = QUOTED if kind == "quoted_agent" else _one(rng, BOTS)
    method = "POST" if path == "/api/cart" else "GET"
    line = written(
        ip, time, f"{method} {target} HTTP/1.1", status=status, size=size, seconds=seconds,
        agent=escaped(agent) if kind == "quoted_agent" else agent, user="Lan Anh" if kind == "user_name" else "-",
        # A page's own address, query string and all, is the referrer of what it loads.
        referrer=f"https://saomai.example{target}" if secret else _one(rng, REFERRERS),
    )  # fmt: skip
    if kind == "mangled":  # the server went down within a line, and the next one was written right behind it
        return Entry(line[: rng.randrange(line.index(b"[") + 1, len(line))] + line, None, kind, secret)
    return Entry(line, Hit(ip, at, method, path, status, size, agent, millis / 1000), kind, secret)


class Trouble(NamedTuple):
    """From `start` until before `end`: "errors" (4 of 10 requests fail) or "silence" (no line at all)."""

    start: datetime
    end: datetime
    kind: str


def traffic(
    rng: random.Random,
    count: int,
    first: date = date(2026, 3, 10),
    days: int = 1,
    troubles: Sequence[Trouble] = (),
) -> Iterator[Entry]:
    """`count` lines (fewer, if there is silence) of `days` days of the shops from `first` on, lazily.

    By time, but for the few of kind "late". A "repeat" is the line before it once more.
    """
    visitors = [(address(rng), _one(rng, BROWSERS)) for _ in range(50)]
    late: deque[Entry] = deque()
    now, time, last = None, "", None
    for at in moments(rng, count, first, days):
        trouble = next((trouble.kind for trouble in troubles if trouble.start <= at < trouble.end), "")
        if trouble == "silence":
            continue
        if at != now:
            now, time = at, stamp(at)
        kind, place = _one(rng, _KINDS), int(rng.random() * len(visitors))
        if rng.random() < 0.05:
            visitors[place] = address(rng), _one(rng, BROWSERS)
        if kind == "repeat" and last:
            last = last._replace(kind="repeat")
        else:
            last = _entry(rng, kind, at, time, (*visitors[place], trouble == "errors"))
        if kind == "late":
            late.append(last)
            continue
        yield last
        if late and rng.random() < 0.02:
            yield late.popleft()
    yield from late
