"""Finds where two values differ, and says it so that one look is enough."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import math
import reprlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_PLACES = 3


@dataclass(frozen=True)
class Place:
    """One place where two values differ; `where` is empty for the value as a whole."""

    where: str
    got: str
    expected: str


class _Repr(reprlib.Repr):
    def __init__(self, levels: int, elements: int, text: int) -> None:
        super().__init__()
        self.maxlevel, self.maxlist, self.maxtuple, self.maxset, self.maxdict = (
            levels,
            elements,
            6,
            elements,
            elements + 2,
        )
        self.maxstring, self.maxother, self.maxlong = text, text + 20, 40

    def repr1(self, x: Any, level: int) -> str:
        return repr_frame(x) if is_frame(x) else super().repr1(x, level)

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:
        """In the order of the dict; reprlib would sort it."""
        if level <= 0 and x:
            return "{…}"
        pairs = list(x.items())
        shown = [f"{self.repr1(k, level - 1)}: {self.repr1(v, level - 1)}" for k, v in pairs[: self.maxdict]]
        return "{" + ", ".join([*shown, *(["…"] if len(pairs) > self.maxdict else [])]) + "}"

    def repr_datetime(self, x: datetime.datetime, level: int) -> str:
        return f"datetime({x.isoformat()})" if type(x) is datetime.datetime else repr(x)

    def repr_date(self, x: datetime.date, level: int) -> str:
        return f"date({x.isoformat()})" if type(x) is datetime.date else repr(x)

    def repr_PosixPath(self, x: Any, level: int) -> str:
        return f'Path("…/{x.name}")'

    repr_WindowsPath = repr_PosixPath


_REPR = _Repr(levels=4, elements=4, text=70)
_SHORT = _Repr(levels=2, elements=2, text=40)


def is_frame(value: object) -> bool:
    """Whether `value` is a pandas frame; does not import pandas to find out."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame)


def repr_frame(frame: Any) -> str:
    names = ", ".join(map(str, frame.columns[:8])) + (", …" if len(frame.columns) > 8 else "")
    return f"DataFrame of {len(frame)} {'row' if len(frame) == 1 else 'rows'}, columns {names or '(none)'}"


def show(value: object) -> str:
    """One short line for a value of the tests or of the student."""
    return _REPR.repr(value)


def show_short(value: object) -> str:
    """A few words for an argument of a call."""
    text = _SHORT.repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def type_name(value: object) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.split('.')[0]}.{kind.__name__}"


def differences(got: object, expected: object, rel: float | None = None) -> list[Place]:
    """The first places where `got` is not `expected`; empty if they are the same.

    Types are exact, NaN equals NaN, floats are within `rel` (relative) if it is given.
    """
    places: list[Place] = []
    for place in _walk(got, expected, "", rel):
        places.append(place)
        if len(places) == MOST_PLACES:
            break
    return places


def _walk(got: Any, expected: Any, where: str, rel: float | None) -> Iterator[Place]:
    if is_frame(expected) and is_frame(got):
        yield from _frames(got, expected, where, rel)
    elif type(got) is not type(expected):
        yield _typed(where, got, expected)
    elif isinstance(expected, dict):
        yield from _dicts(got, expected, where, rel)
    elif isinstance(expected, tuple) and hasattr(expected, "_fields"):
        yield from _dicts(_asdict(got), _asdict(expected), where, rel)
    elif isinstance(expected, (list, tuple)):
        yield from _lists(got, expected, where, rel)
    elif isinstance(expected, set):
        yield from _sets(got, expected, where)
    elif dataclasses.is_dataclass(expected) and not isinstance(expected, type):
        yield from _dicts(_attributes(got), _attributes(expected), where, rel)
    elif not _equal(got, expected, rel):
        yield Place(where, show(got), show(expected))


def _asdict(value: Any) -> dict[str, Any]:
    return dict(value._asdict())


def _attributes(record: Any) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


def _equal(got: Any, expected: Any, rel: float | None) -> bool:
    if isinstance(expected, float):
        if math.isnan(expected) or math.isnan(got):
            return math.isnan(expected) and math.isnan(got)
        return got == expected if rel is None else math.isclose(got, expected, rel_tol=rel, abs_tol=rel)
    if isinstance(expected, decimal.Decimal):
        return bool(got.compare_total(expected) == 0)
    return bool(got == expected)


def _typed(where: str, got: object, expected: object) -> Place:
    """Same text, other type (True and 1, "7" and 7) needs the types named."""
    return Place(where, _with_type(got), _with_type(expected))


def _with_type(value: object) -> str:
    return "None" if value is None else f"{show(value)}  ({type_name(value)})"


def _join(where: str, part: str) -> str:
    return f"{where}, {part}" if where else part


def _dicts(got: dict[Any, Any], expected: dict[Any, Any], where: str, rel: float | None) -> Iterator[Place]:
    missing = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if missing:
        yield Place(_join(where, "keys"), f"no {', '.join(map(show, missing[:4]))}", show(list(expected)))
    if extra:
        yield Place(_join(where, "keys"), f"also {', '.join(map(show, extra[:4]))}", show(list(expected)))
    keys = {key: key for key in got}
    for key, value in expected.items():
        if key in got:
            if type(keys[key]) is not type(key):  # 1 and 1.0 and True are one key to a dict
                yield _typed(_join(where, "key"), keys[key], key)
            part = key if isinstance(key, str) and key.isidentifier() else f"[{show(key)}]"
            yield from _walk(got[key], value, _join(where, part), rel)


def _lists(got: Any, expected: Any, where: str, rel: float | None) -> Iterator[Place]:
    if len(got) != len(expected):
        yield Place(_join(where, "length"), f"{len(got)}: {show(got)}", f"{len(expected)}: {show(expected)}")
    for number, (left, right) in enumerate(zip(got, expected, strict=False)):
        yield from _walk(left, right, _join(where, f"[{number}]"), rel)


def _sets(got: set[Any], expected: set[Any], where: str) -> Iterator[Place]:
    mine, theirs = ({(type(part), part) for part in parts} for parts in (got, expected))
    if mine != theirs:
        missing, extra = ({part for _, part in parts} for parts in (theirs - mine, mine - theirs))
        parts = [f"no {show(missing)}"] * bool(missing) + [f"also {show(extra)}"] * bool(extra)
        yield Place(where, ", ".join(parts), show(expected))


def _frames(got: Any, expected: Any, where: str, rel: float | None) -> Iterator[Place]:
    if list(got.columns) != list(expected.columns):
        yield Place(_join(where, "columns"), ", ".join(map(str, got.columns)), ", ".join(map(str, expected.columns)))
        return
    for name, left, right in zip(expected.columns, got.dtypes, expected.dtypes, strict=True):
        if str(left) != str(right):
            yield Place(_join(where, f"dtype of {name}"), str(left), str(right))
    if len(got) != len(expected):
        yield Place(_join(where, "rows"), str(len(got)), str(len(expected)))
    yield from _cells(got, expected, where, rel)


def _cells(got: Any, expected: Any, where: str, rel: float | None) -> Iterator[Place]:
    rows = min(len(got), len(expected))
    wrong = []
    for order, name in enumerate(expected.columns):
        left, right = got.iloc[:rows, order], expected.iloc[:rows, order]
        objects = str(left.dtype) == str(right.dtype) == "object"  # pandas takes Decimal("1.5") and "1.50" for equal
        if not objects and left.reset_index(drop=True).equals(right.reset_index(drop=True)):
            continue
        cells = zip(left.tolist(), right.tolist(), strict=True)
        wrong += [(row, order, name, a, b) for row, (a, b) in enumerate(cells) if not _same_cell(a, b, rel)][
            :MOST_PLACES
        ]
    for row, _, name, a, b in sorted(wrong, key=lambda cell: cell[:2]):
        yield Place(_join(where, f"row {row}, {name}"), show_cell(a), show_cell(b))


def _is_missing(cell: Any) -> bool:
    return cell is None or str(cell) in {"<NA>", "NaT"} or (isinstance(cell, float) and math.isnan(cell))


def _same_cell(got: Any, expected: Any, rel: float | None) -> bool:
    if _is_missing(got) or _is_missing(expected):
        return _is_missing(got) and _is_missing(expected)
    return _equal(got, expected, rel) if type(got) is type(expected) else bool(got == expected)


def show_cell(cell: object) -> str:
    return "missing" if _is_missing(cell) else show(cell)
