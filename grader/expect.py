"""What hidden tests assert with: values that must be the same, errors that must be raised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from grader.compare import Place, differences, show, type_name

__all__ = ["Mismatch", "raises", "same"]


class NoVerdict(Exception):
    """The test ended before a rule could be kept or broken."""


class Mismatch(AssertionError):
    """A rule that the student's code broke, as places with got and expected."""

    def __init__(self, places: Sequence[Place], note: str = "") -> None:
        self.places = list(places)
        self.note = note
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [self.note] if self.note else []
        for place in self.places:
            label = f"{place.where}: " if place.where else ""
            lines += [f"{label}got {place.got}", f"{' ' * len(label)}expected {place.expected}"]
        return "\n".join(lines)


def same(got: object, expected: object, *, what: str = "", rel: float | None = None) -> None:
    """Fails with the first differences unless `got` is `expected`, types and dtypes included.

    `what` names the thing for the student; `rel` is the relative tolerance of floats.
    """
    if places := differences(got, expected, rel):
        raise Mismatch([Place(_named(what, p.where), p.got, p.expected) for p in places])


def _named(what: str, where: str) -> str:
    return f"{what}, {where}" if what and where else what or where


@contextmanager
def raises(kind: type[Exception], naming: Sequence[str] = (), *, what: str = "") -> Iterator[None]:
    """Fails unless the block raises `kind` with a message that holds each text of `naming` (case ignored)."""
    wanted = kind.__name__ + (f" naming {' and '.join(map(repr, naming))}" if naming else "")
    try:
        yield
    except (NoVerdict, AssertionError):
        raise
    except kind as error:
        text = str(error)
        missing = [part for part in naming if part.casefold() not in text.casefold()]
        if missing:
            got = f"{_kind(error)}: {show(text)}"
            raise Mismatch([Place(_named(what, "message"), got, wanted)]) from None
    except Exception as error:
        got = f"{_kind(error)}: {show(str(error))}"
        raise Mismatch([Place(_named(what, "raised"), got, wanted)]) from error
    else:
        raise Mismatch([Place(what, "no error", wanted)])


def _kind(error: Exception) -> str:
    """As it was raised over there; here it may be known by one of its bases only."""
    raised = getattr(error, "student", None)
    return str(raised.kind) if raised else type_name(error)
