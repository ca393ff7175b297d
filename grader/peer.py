"""One side of the conversation between hidden tests and student code.

Both sides can ask and answer, and calls nest: while the student's function runs it may call a callable of the
test. What stays where it is (callables, iterators, objects) is lent under a number, and the other side holds a
stand-in. How the bytes travel is the carrier's business.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from grader.codec import Codec, Reference, Refused
from grader.compare import type_name
from grader.deadline import TooSlow

Exchange = Callable[[bytes], bytes]

BUILT_IN = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type)
    and issubclass(kind, Exception)
    and not issubclass(kind, (UnicodeError, ExceptionGroup, Warning, StopIteration, StopAsyncIteration))
} | {"UnicodeError": UnicodeError}
"""The exceptions that may cross, all made from one text; others cross as the nearest of their bases."""


QUITS = {"_pytest.outcomes.Exit", "bdb.BdbQuit"}
"""Somebody leaves the debugger: this is about the run, not about the answer."""


class Stop(Exception):
    """The other side's iterator is at its end."""


class Peer:
    """`verbs` are what this side can be asked; `ask` asks the other side."""

    def __init__(self, exchange: Exchange, records: Mapping[str, type] | None = None) -> None:
        self.exchange = exchange
        self.codec = Codec(records or {}, self._lend, self._borrow)
        self.verbs: dict[str, Callable[..., object]] = {"next": self._next, "close": self._close}
        self._lent: dict[int, object] = {}
        self._numbers: dict[int, int] = {}

    def ask(self, verb: str, *body: object) -> Any:
        """The other side's answer; its exceptions are raised here by `rebuild`."""
        reply = self.exchange(self.codec.encode([verb, *body]))
        outcome, *rest = self.codec.decode(reply)
        if outcome == "ok":
            return rest[0]
        if outcome == "stop":
            raise Stop
        raise self.rebuild(outcome, *rest)

    def answer(self, request: bytes) -> bytes:
        """Serves one request of the other side; only TooSlow and an interrupt by the keyboard get out."""
        verb = ""
        try:
            verb, *body = self.codec.decode(request)
            return self.codec.encode(["ok", self.verbs[verb](*body)])
        except Refused as refused:
            return self.codec.encode(["refused", refused.where.removeprefix("[1]"), refused.what])
        except (TooSlow, KeyboardInterrupt):
            raise
        except BaseException as error:
            if f"{type(error).__module__}.{type(error).__name__}" in QUITS:
                raise
            at_its_end = verb == "next" and isinstance(error, StopIteration)
            return self.codec.encode(["stop"] if at_its_end else self.describe(error))

    def describe(self, error: BaseException) -> list[object]:
        """An exception as plain data for the other side."""
        raise NotImplementedError

    def rebuild(self, outcome: str, *rest: Any) -> Exception:
        """The exception again from what `describe` of the other side made."""
        raise NotImplementedError

    def lendable(self, value: object) -> str | None:
        """What `value` is as a thing that stays here: "callable", "iterator", "object", or None if it may not cross."""
        raise NotImplementedError

    def stand_in(self, reference: Reference) -> object:
        """What represents the other side's thing here."""
        kinds: dict[str, type[StandIn]] = {"callable": RemoteCallable, "iterator": RemoteIterator}
        return kinds[reference.kind](self, reference)

    def lent(self, number: int) -> Any:
        return self._lent[number]

    def _lend(self, value: object) -> Reference | None:
        if isinstance(value, StandIn):
            mine = StandIn.reference_of(value)
            return Reference(mine.kind, mine.number, mine.name, own=True)
        kind = self.lendable(value)
        if kind is None:
            return None
        number = self._numbers.setdefault(id(value), len(self._numbers))
        self._lent[number] = value
        return Reference(kind, number, _name(kind, value), own=False)

    def _borrow(self, reference: Reference) -> object:
        return self._lent[reference.number] if reference.own else self.stand_in(reference)

    def _next(self, number: int) -> object:
        return next(self._lent[number])  # type: ignore[call-overload]

    def _close(self, number: int) -> None:
        close = getattr(self._lent[number], "close", None)
        if close:
            close()


class StandIn:
    """Represents a thing of the other side. It never compares, counts or decides anything by asking over there."""

    __slots__ = ("_peer", "_reference")
    _peer: Peer
    _reference: Reference
    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __init__(self, peer: Peer, reference: Reference) -> None:
        object.__setattr__(self, "_peer", peer)
        object.__setattr__(self, "_reference", reference)

    @staticmethod
    def reference_of(stand_in: StandIn) -> Reference:
        reference: Reference = object.__getattribute__(stand_in, "_reference")
        return reference

    def __eq__(self, other: object) -> bool:
        raise TypeError("a stand-in cannot be compared: compare what its methods return")

    def __repr__(self) -> str:
        return f"<{StandIn.reference_of(self).name}>"


class RemoteCallable(StandIn):
    """A callable of the other side: calling it goes there and back."""

    __slots__ = ()

    @property
    def __name__(self) -> str:
        return self._reference.name

    def __call__(self, *args: object, **kwargs: object) -> Any:
        try:
            return self._peer.ask("callback", self._reference.number, args, kwargs)
        except Refused as refused:
            raise TypeError(f"{refused.what} cannot be handed to {self._reference.name}") from None


class RemoteIterator(StandIn):
    """An iterator of the other side: each next() goes there."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return self._peer.ask("next", self._reference.number)
        except Stop:
            raise StopIteration from None

    def close(self) -> None:
        self._peer.ask("close", self._reference.number)


def _name(kind: str, value: object) -> str:
    """What the other side calls it: a callable by its name, an iterator by its whole type, an object by its class."""
    if kind == "callable":
        return str(getattr(value, "__name__", type(value).__name__))
    return type_name(value) if kind == "iterator" else type(value).__name__


def text_of(error: BaseException) -> str:
    """The message of an exception as people mean it: KeyError('amount') says amount, not 'amount'."""
    if isinstance(error, KeyError) and len(error.args) == 1:
        return str(error.args[0])
    try:
        return str(error)
    except Exception as broken:  # a __str__ of the student's own
        return f"(its text cannot be read: {type(broken).__name__}: {broken})"
