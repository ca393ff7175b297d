"""Whether a result is what the stub's return annotation says, and where it is not."""

from __future__ import annotations

import ast
import datetime
import decimal
import uuid
from collections.abc import Iterable
from pathlib import Path

from grader.compare import is_frame, type_name
from grader.peer import StandIn

MOST_ELEMENTS = 1000
PLAIN: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "str": (str,),
    "float": (float, int),
    "bool": (bool,),
    "bytes": (bytes,),
    "list": (list,),
    "dict": (dict,),
    "set": (set,),
    "tuple": (tuple,),
    "Decimal": (decimal.Decimal,),
    "date": (datetime.date,),
    "time": (datetime.time,),
    "datetime": (datetime.datetime,),
    "timedelta": (datetime.timedelta,),
    "UUID": (uuid.UUID,),
    "Path": (type(Path()),),
    "None": (type(None),),
}


ABSTRACT = {"Any", "Callable", "Collection", "Iterable", "Literal", "Mapping", "Sequence"}
"""Names whose values may be of many types."""


def misfit(value: object, annotation: ast.expr | None) -> tuple[str, str] | None:
    """Place and type of the first thing that does not fit, such as ("[1]", "a str"); None if all fits.

    Only the first thousand elements of a container are looked at; names that are not known fit anything.
    """
    if annotation is None:
        return None
    return _misfit(value, annotation, "")


def _misfit(value: object, wanted: ast.expr, where: str) -> tuple[str, str] | None:
    if isinstance(wanted, ast.Constant) and isinstance(wanted.value, str):
        return _misfit(value, ast.parse(wanted.value, mode="eval").body, where)
    if isinstance(wanted, ast.BinOp):
        left, right = _misfit(value, wanted.left, where), _misfit(value, wanted.right, where)
        return left and right and max(left, right, key=lambda found: len(found[0]))
    if isinstance(wanted, ast.Subscript):
        return _container(value, wanted, where)
    return None if _is(value, _name(wanted)) else (where, _called(value))


def _name(wanted: ast.expr) -> str:
    return ast.unparse(wanted).rpartition(".")[2]


def _is(value: object, name: str) -> bool:
    if name == "DataFrame":
        return is_frame(value)
    if name in {"Iterator", "Generator"}:
        return hasattr(value, "__next__")
    kinds = PLAIN.get(name)
    if kinds is None:
        return not name[:1].isupper() or name in ABSTRACT or type(value).__name__ in {name, "RemoteObject"}
    return type(value) in kinds


def _called(value: object) -> str:
    if value is None:
        return "None"
    name = StandIn.reference_of(value).name[:100] if isinstance(value, StandIn) else type_name(value)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _container(value: object, wanted: ast.Subscript, where: str) -> tuple[str, str] | None:
    name = _name(wanted.value)
    if name == "Optional":
        return None if value is None else _misfit(value, wanted.slice, where)
    if not _is(value, name):
        return where, _called(value)
    inner = wanted.slice.elts if isinstance(wanted.slice, ast.Tuple) else [wanted.slice]
    if isinstance(value, tuple) and not (inner and _is_ellipsis(inner[-1])):
        if len(value) != len(inner):
            return where, f"a tuple of {len(value)}"
        return _first(_misfit(v, w, f"{where}[{n}]") for n, (v, w) in enumerate(zip(value, inner, strict=True)))
    if isinstance(value, (list, tuple)):
        return _first(_misfit(v, inner[0], f"{where}[{n}]") for n, v in enumerate(value[:MOST_ELEMENTS]))
    if isinstance(value, dict):
        pairs = list(value.items())[:MOST_ELEMENTS]
        return _first(
            found
            for k, v in pairs
            for found in (_misfit(k, inner[0], f"{where} key {k!r}"), _misfit(v, inner[1], f"{where}[{k!r}]"))
        )
    if isinstance(value, set):
        return _first(_misfit(v, inner[0], f"{where}{{…}}") for v in list(value)[:MOST_ELEMENTS])
    return None


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _first(found: Iterable[tuple[str, str] | None]) -> tuple[str, str] | None:
    return next((one for one in found if one), None)
