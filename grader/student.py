"""The fixture `student`: the student's file as hidden tests see it, whatever process it runs in."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import time
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from grader.codec import BrokenWire, Reference
from grader.compare import Place, show, show_short
from grader.deadline import TooSlow
from grader.declared import is_property, methods, read_stub
from grader.exercise import Exercise
from grader.expect import Mismatch, NoVerdict
from grader.peer import BUILT_IN, Peer, RemoteIterator, StandIn, text_of
from grader.service import Handle
from grader.signature import misfit

MOST_OF_A_CALL = 160
MOST_TEXT = 4000


class ToDo(NoVerdict):
    """The test needs a function that is not written yet."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(f"{name} is not written yet (line {line})")
        self.name = name
        self.line = line


class NotGraded(NoVerdict):
    """We broke, or something that the test needs is missing here: it never costs points."""


class Crashed(NoVerdict):
    """The student's code ended its process; the text says how, as far as it is known."""


class Unloadable(NoVerdict):
    """The student's file cannot be loaded; the text says why, file and line first."""


@dataclass(frozen=True)
class Raised:
    """What came out of the student's code: kind, text, and (line, function) of the frames in its own file."""

    kind: str
    text: str
    frames: list[tuple[int, str]]


class StudentError(Exception):
    """An exception of the student's of a kind that the tests' side does not know."""


@dataclass
class Call:
    """One call into the student's code, for the sentence that a failing test becomes."""

    text: str
    came_back: str = ""
    raised: Raised | None = None
    printed: str = ""
    seconds: float = 0.0


class Conversation(Protocol):
    """A line to one student's file that nobody else uses; the carrier decides where that file runs."""

    @property
    def printed(self) -> str:
        """What the last exchange printed, cut."""

    def exchange(self, request: bytes, deadline: float) -> bytes:
        """Raises TooSlow when the answer takes longer than `deadline` seconds."""

    def raise_here(self, error: Exception) -> Exception:
        """Adds what a debugger needs to stop at the student's line, where that is possible."""

    def close(self) -> None: ...


class Survey(Protocol):
    """What is known of a student's file before it is run."""

    unwritten: dict[str, int]
    lines: dict[str, int]
    unloadable: str


class Side(Peer):
    """The tests' side of the conversation."""

    def __init__(self, exercise: Exercise, deadline: float) -> None:
        super().__init__(self._exchange)
        self.exercise = exercise
        self.declared = read_stub(exercise.stub)
        self.deadline = deadline
        self.conversation: Conversation | None = None
        self.student: Student | None = None
        self.pending: BaseException | None = None
        self.running = 0
        self.verbs["callback"] = self._callback
        self.codec.records = {name: getattr(self.stub, name) for name in self.declared.records}

    @property
    def stub(self) -> types.ModuleType:
        """The delivered stub as a module, for its records and exceptions; it is ours, so it may be run here."""
        return _stub_module(self.exercise.stub)

    def _exchange(self, request: bytes) -> bytes:
        assert self.conversation is not None
        self.running += 1
        try:
            reply = self.conversation.exchange(request, self.deadline)
        finally:
            self.running -= 1
        if self.pending:
            pending, self.pending = self.pending, None
            raise pending
        return reply

    def busy(self) -> bool:
        """Whether a call of the student's runs: then we are in a callable of the test."""
        return self.running > 0

    def end(self) -> None:
        if self.conversation:
            self.conversation.close()

    def _callback(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
        return self.lent(number)(*args, **kwargs)

    def describe(self, error: BaseException) -> list[object]:
        """What a callable of the test raised; a failing assertion in it waits until the student's call is over."""
        if type(error).__name__ not in BUILT_IN or isinstance(error, AssertionError):
            self.pending = error
        return ["error", type(error).__name__, text_of(error)]

    def lendable(self, value: object) -> str | None:
        if hasattr(value, "__next__"):
            return "iterator"
        return "callable" if callable(value) else None

    def stand_in(self, reference: Reference) -> object:
        if reference.kind == "object" and reference.name in self.declared.classes:
            return RemoteObject(self, reference)
        if reference.kind != "iterator":
            raise ValueError(f"a {reference.kind} of the student's")
        return RemoteIterator(self, reference)

    def rebuild(self, outcome: str, *rest: Any) -> Exception:
        """What went wrong over there; every part of the report is checked, and no name of it is looked up."""
        match outcome, rest:
            case "refused", (str(where), str(what)):
                return Mismatch([Place(where[:MOST_TEXT], what[:MOST_TEXT], "")], note="refused")
            case "gone", (str(text),):
                return Mismatch([], note=text[:MOST_TEXT])
            case "error", (str(kind), list(bases), str(text), list(frames)):
                error = self._made([base for base in bases if isinstance(base, str)], text[:MOST_TEXT])
                error.student = Raised(kind[:100], text[:MOST_TEXT], _checked(frames))  # type: ignore[attr-defined]
                assert self.conversation is not None
                return self.conversation.raise_here(error)
        raise BrokenWire("a reply that is no reply")

    def _made(self, bases: list[str], text: str) -> Exception:
        """An exception of the nearest kind that is known here."""
        for name in bases:
            if name in self.declared.exceptions:
                kind: type[Exception] = getattr(self.stub, name)
                return kind.__new__(kind, text)  # its __init__ made the text already, and may want more than one
            if name in BUILT_IN and name != "Exception":
                return BUILT_IN[name](text)
        return StudentError(text)


def _checked(frames: list[Any]) -> list[tuple[int, str]]:
    """Line and function of each frame, as far as they are such."""
    return [(f[0], f[1][:100]) for f in frames[-5:] if isinstance(f, list) and [*map(type, f)] == [int, str]]


def _while_loading(raised: Raised) -> str:
    if raised.kind == "SystemExit":
        return f"the file ends the program (SystemExit: {raised.text}) while it is loaded"
    text = re.sub(r" \(([/\\]|\w:).*\)$", "", raised.text)  # where a module lies on this machine is no help
    return f"{raised.kind}: {text or 'raised while the file is loaded'}"


def line_of(slow: TooSlow, label: str) -> str:
    """(file, line) where the student's code was when time ran out, if that is known."""
    frame = slow.frame
    while frame and not frame.f_code.co_filename.replace("\\", "/").endswith(label):
        frame = frame.f_back
    if frame is None:
        return ""
    return f" ({label}:{frame.f_lineno})" if frame.f_lineno else f" ({label} in {frame.f_code.co_name})"


@dataclass(eq=False)
class Student:
    """`student.f(…)` calls the student's `f`; records and exceptions of the stub are attributes too."""

    _side: Side
    _exercise: Exercise
    _survey: Survey
    _open: Callable[[Callable[[bytes], bytes]], Conversation]
    _path: Path
    _calls: list[Call] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        declared = self._side.declared
        if name in declared.records or name in declared.exceptions:
            return getattr(self._side.stub, name)
        if name in declared.functions:
            return Function(self, name, lambda args, kwargs, keep: self._side.ask("call", name, args, kwargs, keep))
        if name in declared.classes:
            return StudentClass(self, name)
        raise AttributeError(f"the stub of {self._exercise.id} declares no {name}")

    def restart(self) -> None:
        """The next call goes to a fresh process or module: what the code only remembered is forgotten."""
        self._side.end()
        self._side.conversation = None

    def _need(self, name: str) -> None:
        """Before each call: the file can be loaded, and `name` is written."""
        if self._survey.unloadable:
            raise Unloadable(self._survey.unloadable)
        if name in self._survey.unwritten:
            raise ToDo(name, self._survey.unwritten[name])
        self._connect()

    def _connect(self) -> None:
        """Opens the line with the first call; a file that cannot be loaded is known from then on."""
        if self._side.conversation is None:
            self._side.conversation = self._open(self._side.answer)
            if not self._survey.unloadable:
                self._load()
            if self._survey.unloadable:
                raise Unloadable(self._survey.unloadable)

    def _load(self) -> None:
        """The student's file is run once per test; why it cannot be is remembered for the other tests."""
        label = self._exercise.id
        try:
            self._side.ask("load")
        except Crashed as crash:
            self._survey.unloadable = f"{label}: loading it ended the process: {crash}"
        except TooSlow as slow:
            self._survey.unloadable = (
                f"{label}: loading it took more than {self._side.deadline:g} s{line_of(slow, label)}"
            )
        except Mismatch as mismatch:
            self._survey.unloadable = f"{label}: {mismatch.note}"
        except Exception as error:
            raised: Raised | None = getattr(error, "student", None)
            if raised is None:
                raise
            line = f":{raised.frames[-1][0]}" if raised.frames else ""
            self._survey.unloadable = f"{label}{line}: {_while_loading(raised)}"


@cache
def _stub_module(path: Path) -> types.ModuleType:
    name = f"grader.stub.{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Ask = Callable[[tuple[Any, ...], dict[str, Any], bool], Any]


@dataclass(frozen=True)
class Function:
    """A function or method of the student's."""

    student: Student
    name: str
    ask: Ask

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self._result(args, kwargs, keep=False)

    def with_arguments(self, *args: object, **kwargs: object) -> tuple[Any, tuple[Any, ...]]:
        """The result, and the positional arguments as they are over there after the call."""
        result, after = self._result(args, kwargs, keep=True)
        return result, after

    def _result(self, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool) -> Any:
        self.student._need(self.name)
        call = Call(_call_text(self.name, args, kwargs))
        args = tuple(map(self._handed, args))
        self.student._calls.append(call)
        started = time.perf_counter()
        try:
            result = self.ask(args, kwargs, keep)
        except Mismatch as mismatch:
            raise self._refused(mismatch, call, keep) from None
        except Exception as error:
            call.raised = getattr(error, "student", None)
            raise
        finally:
            call.seconds = time.perf_counter() - started
            conversation = self.student._side.conversation
            call.printed = conversation.printed if conversation else ""
        call.came_back = show(result[0] if keep else result)
        self._check(result[0] if keep else result)
        return result

    def _handed(self, value: object) -> object:
        """The lane of a service as the stub's record."""
        if isinstance(value, Handle):
            return getattr(self.student._side.stub, value.record)(**value.fields)
        return value

    @property
    def _annotation(self) -> ast.expr | None:
        return self.student._side.declared.returns(self.name)

    def _check(self, result: object) -> None:
        """The outer shape first, so that a test never stumbles over a None."""
        if found := misfit(result, self._annotation):
            raise Mismatch([], note=self._returned(*found))

    def _refused(self, mismatch: Mismatch, call: Call, keep: bool) -> Mismatch:
        if mismatch.note != "refused":
            return mismatch
        place = mismatch.places[0]
        call.came_back = place.got
        where = place.where
        if keep and where.startswith("[1]["):
            number = int(where[4:].partition("]")[0]) + 1
            return Mismatch([], note=f"left {place.got} in argument {number}")
        return Mismatch([], note=self._returned(where.removeprefix("[0]") if keep else where, place.got))

    def _returned(self, where: str, what: str) -> str:
        wanted = ast.unparse(self._annotation) if self._annotation else "plain data"
        if where:
            return f"returned something with {what} at {where.strip()}; expected {wanted}"
        return f"returned {what}; expected {wanted}"


def _call_text(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    shown = [_argument(arg) for arg in args] + [f"{key}={_argument(value)}" for key, value in kwargs.items()]
    text = ", ".join(shown)
    return f"{name}({text if len(text) <= MOST_OF_A_CALL else text[: MOST_OF_A_CALL - 1] + '…'})"


def _argument(value: object) -> str:
    if isinstance(value, Handle):
        return value.service
    if callable(value) and not isinstance(value, (type, StandIn)):
        return getattr(value, "__name__", "callable").replace("<lambda>", "lambda")
    if hasattr(value, "__next__"):
        return "iterator"
    return show_short(value)


@dataclass(frozen=True)
class StudentClass:
    """A class of the student's: call it for an object, or reach its static methods."""

    student: Student
    name: str

    def __call__(self, *args: object, **kwargs: object) -> Any:
        side = self.student._side
        self.student._need(f"{self.name}.__init__")
        return Function(self.student, self.name, lambda a, k, keep: side.ask("new", self.name, a, k))(*args, **kwargs)

    def __getattr__(self, method: str) -> Function:
        name = f"{self.name}.{method}"
        if method.startswith("_") or self.student._side.declared.returns(name) is None:
            raise AttributeError(f"the stub declares no {name}")
        return Function(self.student, name, lambda a, k, keep: self.student._side.ask("call", name, a, k, keep))


class RemoteObject(StandIn):
    """An object of a class that the stub declares; it lives on the student's side."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        side: Side = self._peer  # type: ignore[assignment]
        declared = side.declared.classes[self._reference.name]
        if any(method.name == name and not is_property(method) for method in methods(declared)):
            full = f"{self._reference.name}.{name}"
            assert side.student is not None
            return Function(side.student, full, lambda a, k, keep: side.ask("method", self, name, a, k, keep))
        return side.ask("get", self, name)

    def __bool__(self) -> bool:
        raise TypeError("an object of the student's has no truth value here: ask its methods")

    def __len__(self) -> int:
        raise TypeError("an object of the student's has no length here: ask its methods")
