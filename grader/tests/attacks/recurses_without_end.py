"""Runs into the end of the stack: in Python without a limit, in C, in a result, in an exception and its causes.

Must: failed or crashed, and only here; a nest never reaches the trusted side.
"""

import ast
import functools
import itertools
import sys
from typing import Any

turns = itertools.count()


class Deep:
    def __repr__(self) -> str:
        return repr(self)


def down() -> int:
    return down() + 1


def in_c() -> int:
    nest: Any = ()
    for _ in range(300_000):
        nest = (nest,)
    return hash(nest)


def in_the_parser() -> int:
    return len(ast.dump(ast.parse("-" * 200_000 + "1")))


def in_a_result() -> Any:
    nest: Any = 0
    for _ in range(300_000):
        nest = [nest]
    return nest


def in_itself() -> Any:
    nest: Any = {}
    nest["amount"] = nest
    return nest


def in_an_exception() -> int:
    error = ValueError(Deep())
    for _ in range(20_000):
        following = ValueError(Deep())
        following.__context__ = error
        error = following
    raise error


def in_partials() -> int:
    call: Any = int
    for _ in range(20_000):
        call = functools.partial(call)
    return call()  # type: ignore[no-any-return]


WAYS = [in_a_result, in_an_exception, in_itself, in_partials, in_the_parser, in_c, down]


def parse_amount(text: str) -> int:
    sys.setrecursionlimit(2**31 - 1)
    return WAYS[len(text) % len(WAYS)]()  # type: ignore[no-any-return]
