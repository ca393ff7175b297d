"""What may cross between hidden tests and student code, as bytes. Exact types, no pickle.

Plain data is msgpack (in C, with exact types); what msgpack has no word for is an extension: numbers of any
size, tuples, sets, Decimal, dates, UUID, Path, frames, records, and references to things that stay where they are.
"""

from __future__ import annotations

import datetime
import sys
import uuid
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import msgpack

from grader.compare import type_name
from grader.numbers import FEW, check_decimal, read_decimal, spread

MOST_DEPTH = 100
UNSEEN_DEPTH = 3
"""So many extensions may be nested before the depth of what is inside is measured: msgpack, which nests up to 1,024
containers in C, begins anew in each of them, and the stack would not hold a hundred times that."""
MOST_DIGITS_BYTES = 1024
MOST_PLAIN = 8 * 1024 * 1024
MOST_FRAMES = 100
MOST_TWINS = 1000

BIGINT, TUPLE, SET, DECIMAL, DATE, TIME, DATETIME, TIMEDELTA, UUID, PATH, FRAME, RECORD, REFERENCE = range(1, 14)


class Refused(TypeError):
    """A value that is not on the list of types that may cross."""

    def __init__(self, what: str, culprit: object = None) -> None:
        super().__init__(what)
        self.what = what
        self.culprit = culprit
        self.where = ""


class BrokenWire(ValueError):
    """Bytes that `Codec.encode` of the other side did not make."""


class Reference(NamedTuple):
    """Something that stays where it is: `own` says that it lives on the side that receives the reference."""

    kind: str
    number: int
    name: str
    own: bool


@dataclass
class Codec:
    """Turns values into bytes and back for one side of one conversation.

    `records` are the dataclasses and named tuples by name; `lend` gives a reference for a live thing, or None
    if it may not cross; `borrow` gives the stand-in for a reference of the other side.
    """

    records: Mapping[str, type] = field(default_factory=dict)
    lend: Callable[[object], Reference | None] = lambda _: None
    borrow: Callable[[Reference], object] | None = None
    _depth: int = 0
    _frames: list[bytes] = field(default_factory=list)
    _cells: int = 0
    _first: dict[int, object] = field(default_factory=dict)
    _crowds: Counter[int] = field(default_factory=Counter)

    def encode(self, value: object) -> bytes:
        """Raises Refused with `where`, the place inside `value`, and `what`, the thing that may not cross."""
        self._depth, self._frames = 0, []
        try:
            packed = self._pack(value)
        except Refused as refused:
            refused.where = self._where(value, refused.culprit)
            raise
        if any(mark in packed for mark in (b"\xc4", b"\xc5", b"\xc6")):
            self._refuse_buffers(value)
        if len(packed) > MOST_PLAIN:
            raise Refused(f"something of {len(packed):,} bytes; at most {MOST_PLAIN:,} may cross")
        sizes = [len(part).to_bytes(4, "big") for part in (packed, *self._frames)]
        return b"".join([len(self._frames).to_bytes(4, "big"), *sizes, packed, *self._frames])

    def decode(self, data: bytes) -> Any:
        """Raises BrokenWire for anything that `encode` does not make."""
        self._depth = self._cells = 0
        try:
            packed, *self._frames = _split(data)
            return self._unpack(packed)
        except BrokenWire:
            raise
        except Exception as error:
            raise BrokenWire(f"{type(error).__name__}: {error}") from None
        finally:
            self._first.clear()
            self._crowds.clear()

    def _pack(self, value: object) -> bytes:
        self._depth += 1
        if self._depth > MOST_DEPTH or (self._depth == UNSEEN_DEPTH and self._is_deep(value)):
            raise Refused(f"something nested deeper than {MOST_DEPTH}")
        try:
            packed: bytes = msgpack.packb(
                value, default=self._extend, strict_types=True, unicode_errors="surrogatepass"
            )
        except ValueError as error:  # msgpack's own limit of nesting: also a list that contains itself
            raise Refused("something nested without end, or nearly so") from error
        self._depth -= 1
        return packed

    def _extend(self, value: Any) -> msgpack.ExtType | str:
        to_bytes = _WRITERS.get(type(value))
        if to_bytes:
            return msgpack.ExtType(to_bytes[0], to_bytes[1](self, value))
        if type(value).__name__ == "DataFrame" and type(value).__module__.startswith("pandas"):
            self._frames.append(_write_frame(value))
            return msgpack.ExtType(FRAME, b"%d" % (len(self._frames) - 1))
        if isinstance(value, str) and type(value).__module__ == "sqlalchemy.sql.elements":
            return str.__str__(value)  # what SQLAlchemy calls its columns: the keys of its rows
        if (name := type(value).__name__) in self.records and type(value) is self.records[name]:
            return msgpack.ExtType(RECORD, self._pack([name, _fields(value)]))
        if reference := self.lend(value):
            return msgpack.ExtType(REFERENCE, self._pack(list(reference)))
        raise Refused(_a(type_name(value)), value)

    def _unpack(self, data: bytes) -> Any:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise BrokenWire("nested too deep")
        value = msgpack.unpackb(
            data,
            ext_hook=self._read,
            object_pairs_hook=_read_dict,
            strict_map_key=False,
            unicode_errors="surrogatepass",
            timestamp=1,
        )
        self._depth -= 1
        return value

    def _read(self, code: int, data: bytes) -> Any:
        if code == RECORD:
            return self._read_record(*self._unpack(data))
        if code == REFERENCE:
            if self.borrow is None:
                raise BrokenWire("a reference where there are none")
            return self.borrow(Reference(*self._unpack(data)))
        if code not in _READERS:
            raise BrokenWire(f"unknown extension {code}")
        value = _READERS[code](self, data)
        if code in (BIGINT, TUPLE, DECIMAL, UUID):
            self._count(value)
        return value

    def _count(self, value: object) -> None:
        """Values that have one hash and differ are harmless in a list; a test may make a set of them."""
        try:
            number = hash(value)
        except Exception:  # a tuple with a list in it, or with a student's object that says so
            return
        if self._first.setdefault(number, value) != value:
            self._crowds[number] += 1
            if self._crowds[number] > MOST_TWINS:
                raise ValueError("values that collide")

    def _read_record(self, name: str, values: dict[str, Any]) -> Any:
        record = self.records.get(name)
        if record is None:
            raise BrokenWire(f"unknown record {name!r}")
        if set(values) != set(field_names(record)):
            raise BrokenWire(f"{name} has the fields {', '.join(values)}; expected {', '.join(field_names(record))}")
        return record(**values)

    def _parts(self, value: Any) -> Iterator[tuple[str, object, object]]:
        """What is inside a value: how to write the step to it, with which key, and the part."""
        if type(value) in self.records.values():
            yield from ((".{}", name, part) for name, part in _fields(value).items())
        elif type(value) is dict:
            yield from ((" key {!r}", key, key) for key in value)
            yield from (("[{!r}]", key, part) for key, part in value.items())
        elif type(value) in (list, tuple):
            yield from (("[{}]", place, part) for place, part in enumerate(value))
        elif type(value) is set:
            yield from (("{{…}}", None, part) for part in value)

    def _where(self, value: object, culprit: object, depth: int = 0) -> str:
        """Where in `value` the culprit is, as one would write it: "['amount']['min']"; "" if it is not inside."""
        if culprit is None or depth > MOST_DEPTH:
            return ""
        for step, key, part in self._parts(value):
            rest = self._where(part, culprit, depth + 1)
            if rest or part is culprit:
                return step.format(key) + rest
        return ""

    def _is_deep(self, value: object) -> bool:
        """Whether a value is nested deeper than MOST_DEPTH; each part counts once a level, so that loops end."""
        level = {id(value): value}
        for _ in range(MOST_DEPTH):
            level = {id(part): part for whole in level.values() for _, _, part in self._parts(whole)}
        return bool(level)

    def _refuse_buffers(self, value: Any) -> None:
        """msgpack writes bytearray and memoryview as bytes, which would change the type on the way."""
        records = frozenset(self.records.values())
        todo = [value]
        while todo:
            part = todo.pop()
            kind = type(part)
            if kind in (list, tuple, set):
                todo.extend(part)
            elif kind is dict:
                todo.extend(part.values())
            elif kind in (bytearray, memoryview):
                refused = Refused(_a(type_name(part)), part)
                refused.where = self._where(value, part)
                raise refused
            elif kind in records:
                todo.extend(_fields(part).values())


def field_names(record: type) -> tuple[str, ...]:
    """The fields of a dataclass or a named tuple."""
    if is_dataclass(record):
        return tuple(record.__dataclass_fields__)
    return tuple(record._fields)  # type: ignore[attr-defined]


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in field_names(type(value))}


def _a(name: str) -> str:
    return f"an {name}" if name[0] in "aeiouAEIOU" else f"a {name}"


def _write_int(codec: Codec, value: int) -> bytes:
    size = value.bit_length() // 8 + 1
    if size > MOST_DIGITS_BYTES:
        raise Refused(f"an int of {value.bit_length()} bits", value)
    return value.to_bytes(size, "big", signed=True)


def _write_decimal(codec: Codec, value: Decimal) -> bytes:
    try:
        return check_decimal(value).encode()
    except ValueError as error:
        raise Refused(str(error), value) from None


def _write_zone(zone: datetime.tzinfo | None, owner: object) -> int | str | None:
    """None, the offset in microseconds, or the key of a zone of the IANA database."""
    if zone is None:
        return None
    if type(zone) is datetime.timezone:
        return zone.utcoffset(None) // datetime.timedelta(microseconds=1)
    if type(zone) is zoneinfo.ZoneInfo and zone.key:
        return zone.key
    raise Refused(f"{_a(type_name(owner))} whose tzinfo is {_a(type_name(zone))}", owner)


def _read_zone(zone: int | str | None) -> datetime.tzinfo | None:
    if zone is None:
        return None
    if zone == 0:
        return datetime.UTC
    if isinstance(zone, int):
        return datetime.timezone(datetime.timedelta(microseconds=zone))
    return zoneinfo.ZoneInfo(zone)


def _write_moment(codec: Codec, value: datetime.datetime | datetime.time) -> bytes:
    zone = _write_zone(value.tzinfo, value)
    packed: bytes = msgpack.packb([value.replace(tzinfo=None).isoformat(), value.fold, zone])
    return packed


def _read_moment(kind: type[datetime.datetime] | type[datetime.time], data: bytes) -> datetime.datetime | datetime.time:
    text, fold, zone = msgpack.unpackb(data)
    return kind.fromisoformat(text).replace(fold=fold, tzinfo=_read_zone(zone))


def _write_frame(frame: Any) -> bytes:
    from grader import frames

    if type(frame) is not getattr(sys.modules.get("pandas"), "DataFrame", None):
        raise Refused(_a(type_name(frame)), frame)
    try:
        return frames.encode(frame)
    except frames.UnfitFrame as unfit:
        raise Refused(f"a DataFrame with {unfit}", frame) from None


def _read_frame(codec: Codec, data: bytes) -> Any:
    from grader import frames

    frame, codec._frames[int(data)] = codec._frames[int(data)], b""  # each of them once
    decoded = frames.decode(frame, codec._cells)
    codec._cells += decoded.size
    return decoded


def _split(data: bytes) -> list[bytes]:
    """The plain part and the frames behind it; ValueError if their sizes do not fit."""
    many = int.from_bytes(data[:4], "big") + 1
    if many > MOST_FRAMES or len(data) < 4 + 4 * many:
        raise ValueError("a message whose parts do not fit")
    sizes = [int.from_bytes(data[at : at + 4], "big") for at in range(4, 4 + 4 * many, 4)]
    if sizes[0] > MOST_PLAIN or 4 + 4 * many + sum(sizes) != len(data):
        raise ValueError("a message whose parts do not fit")
    parts, start = [], 4 + 4 * many
    for size in sizes:
        parts.append(data[start : start + size])
        start += size
    return parts


def _read_dict(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    found = dict(pairs) if len(pairs) <= FEW else dict(pairs if spread(key for key, _ in pairs) else ())
    if len(found) != len(pairs):
        raise ValueError("a dict with keys that are there twice or collide")
    return found


def _read_set(values: list[Any]) -> set[Any]:
    if len(values) > FEW and not spread(values):
        raise ValueError("a set with values that collide")
    return set(values)


def _write_timedelta(codec: Codec, value: datetime.timedelta) -> bytes:
    packed: bytes = msgpack.packb([value.days, value.seconds, value.microseconds])
    return packed


_WRITERS: dict[type, tuple[int, Callable[[Codec, Any], bytes]]] = {
    int: (BIGINT, _write_int),
    tuple: (TUPLE, lambda codec, value: codec._pack(list(value))),
    set: (SET, lambda codec, value: codec._pack(list(value))),
    Decimal: (DECIMAL, _write_decimal),
    datetime.date: (DATE, lambda codec, value: value.isoformat().encode()),
    datetime.time: (TIME, _write_moment),
    datetime.datetime: (DATETIME, _write_moment),
    datetime.timedelta: (TIMEDELTA, _write_timedelta),
    uuid.UUID: (UUID, lambda codec, value: value.bytes),
    type(Path()): (PATH, lambda codec, value: str(value).encode("utf-8", "surrogatepass")),
}

_READERS: dict[int, Callable[[Codec, bytes], Any]] = {
    BIGINT: lambda codec, data: int.from_bytes(data[:MOST_DIGITS_BYTES], "big", signed=True),
    TUPLE: lambda codec, data: tuple(codec._unpack(data)),
    SET: lambda codec, data: _read_set(codec._unpack(data)),
    DECIMAL: lambda codec, data: read_decimal(data.decode()),
    DATE: lambda codec, data: datetime.date.fromisoformat(data.decode()),
    TIME: lambda codec, data: _read_moment(datetime.time, data),
    DATETIME: lambda codec, data: _read_moment(datetime.datetime, data),
    TIMEDELTA: lambda codec, data: datetime.timedelta(*msgpack.unpackb(data)),
    UUID: lambda codec, data: uuid.UUID(bytes=data),
    PATH: lambda codec, data: Path(data.decode("utf-8", "surrogatepass")),
    FRAME: _read_frame,
}
