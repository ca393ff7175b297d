"""The student's file as a module: loaded from its bytes, asked through a Peer. This side may be in a jail."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.codec import field_names
from grader.peer import BUILT_IN, Exchange, Peer, text_of

MOST_PRINTED = 4000


class NotThere(Exception):
    """The file no longer has a function, method or class of the stub."""


class Answer(Peer):
    """Serves the calls of the hidden tests on one student's file.

    `names` says what the stub declares: {"records": {name: [fields]}, "classes": [...], "exceptions": [...]}.
    """

    def __init__(self, exchange: Exchange, code: types.CodeType, file: str, names: dict[str, Any]) -> None:
        super().__init__(exchange, records={})
        self.file = file
        self.names = names
        self.traceback: types.TracebackType | None = None
        self.module = types.ModuleType(Path(file).stem)
        self.module.__file__ = file
        self._code = code
        self.verbs |= {
            "load": self._load,
            "call": self._call,
            "new": self._new,
            "method": self._method,
            "get": self._get,
        }

    def _load(self) -> None:
        # dataclasses look up their module by name to resolve annotations
        before = sys.modules.get(self.module.__name__)
        sys.modules[self.module.__name__] = self.module
        try:
            exec(self._code, vars(self.module))
        finally:
            if before is None:
                del sys.modules[self.module.__name__]
            else:
                sys.modules[self.module.__name__] = before
        self.codec.records = {name: self._record(name, fields) for name, fields in self.names["records"].items()}

    def _record(self, name: str, fields: list[str]) -> type:
        record = getattr(self.module, name, None)
        if (
            not isinstance(record, type)
            or not hasattr(record, "__match_args__")
            or field_names(record) != tuple(fields)
        ):
            raise NotThere(f"{name} must stay as the stub has it, with the fields {', '.join(fields)}")
        return record

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool) -> object:
        result = self._find(name)(*args, **kwargs)
        return (result, args) if keep else result

    def _find(self, name: str) -> Callable[..., Any]:
        found: Any = self.module
        for part in name.split("."):
            found = getattr(found, part, None)
        if not callable(found):
            raise NotThere(f"{name} is not in the file any more")
        return found  # type: ignore[no-any-return]

    def _new(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
        return self._find(name)(*args, **kwargs)

    def _method(self, target: object, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool) -> object:
        method = getattr(target, name, None)
        if not callable(method):
            raise NotThere(f"{type(target).__name__}.{name} is not in the file any more")
        result = method(*args, **kwargs)
        return (result, args) if keep else result

    def _get(self, target: object, name: str) -> object:
        return getattr(target, name)

    def lendable(self, value: object) -> str | None:
        kind = type(value)
        if kind.__module__ == self.module.__name__ and kind.__name__ in self.names["classes"]:
            return "object"
        return "iterator" if hasattr(kind, "__next__") and hasattr(kind, "__iter__") else None

    def describe(self, error: BaseException) -> list[object]:
        if isinstance(error, NotThere):
            return ["gone", str(error)]
        self.traceback = error.__traceback__
        return [
            "error",
            shown_kind(error),
            self._bases(error),
            text_of(error)[:MOST_PRINTED],
            self._frames(error),
        ]

    def _bases(self, error: BaseException) -> list[str]:
        """The kinds that the test's side knows, nearest first."""
        known = {*BUILT_IN, *self.names["exceptions"]}
        return [kind.__name__ for kind in type(error).__mro__ if kind.__name__ in known]

    def _frames(self, error: BaseException) -> list[list[object]]:
        """Line and function of each frame in the student's own file, outermost first."""
        frames = frames_in(self.file, error)
        if isinstance(error, SyntaxError) and error.filename == self.file:
            frames.append([error.lineno or 0, ""])
        return frames[-5:]

    def rebuild(self, outcome: str, *rest: Any) -> Exception:
        """What the test's callable raised, as the same built-in kind."""
        if outcome == "refused":
            return TypeError(f"{rest[1]} cannot be handed to this callable")
        kind, text = rest
        return BUILT_IN.get(kind, RuntimeError)(text)


def frames_in(file: str, error: BaseException) -> list[list[object]]:
    traceback, frames = error.__traceback__, []
    while traceback:
        if traceback.tb_frame.f_code.co_filename == file:
            frames.append([traceback.tb_lineno, traceback.tb_frame.f_code.co_name])
        traceback = traceback.tb_next
    return frames


def shown_kind(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ in {"builtins", "__main__"} else f"{kind.__module__}.{kind.__name__}"
