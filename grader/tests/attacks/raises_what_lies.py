"""Raises exceptions whose text, type, module, bases, arguments and traceback lie, raise, or never come to an end.

Must: the tests failed, crashed or were too slow; a kind that is not built in is no ValueError by its name.
"""

import itertools
import types

turns = itertools.count()


class Liar(type):
    def mro(cls) -> list[type]:
        return [cls, ValueError, Exception, BaseException, object]

    @property
    def __module__(cls) -> str:
        raise SystemExit(0)

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class Text(str):
    def __getitem__(self, part: object) -> str:
        raise KeyboardInterrupt

    def __str__(self) -> str:  # noqa: PLE0307
        while True:
            pass


class Silent(Exception):
    def __str__(self) -> str:
        return 7  # noqa: PLE0307


class Endless(Exception):
    def __str__(self) -> str:  # noqa: PLE0307
        while True:
            pass


class Other(ValueError):
    """Is a ValueError, and in the end raises something that is none."""

    __class__ = property(lambda self: AssertionError)  # type: ignore[assignment]
    args = property(lambda self: (self,) * 10**6)  # type: ignore[assignment]

    def __str__(self) -> str:
        raise RuntimeError(self)

    @property
    def __traceback__(self) -> types.TracebackType:  # type: ignore[override]
        raise GeneratorExit


class Metaed(Exception, metaclass=Liar):
    pass


def parse_amount(text: str) -> int:
    turn = next(turns)
    if text == "150.000":
        raise Other(text)
    if text == "1.250.000 VND":
        raise Metaed(Text(text))
    error = [Silent, Endless][turn % 2](text)
    error.__cause__ = error.__context__ = error
    raise error
