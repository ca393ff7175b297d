"""Raises SystemExit(0), KeyboardInterrupt and GeneratorExit where nobody expects them: in results, keys and texts.

Must: each becomes a failure of its test; none of them ends the grader.
"""

import sys


class Odd(BaseException):
    def __str__(self) -> str:  # noqa: PLE0307
        sys.exit(0)

    def __reduce__(self) -> str:
        sys.exit(0)


class Exiting:
    def __hash__(self) -> int:
        return 1

    def __eq__(self, other: object) -> bool:
        sys.exit(0)

    def __del__(self) -> None:
        sys.exit(0)

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def exits() -> int:
    sys.exit(0)


def interrupts() -> int:
    raise KeyboardInterrupt


def leaves_a_generator() -> int:
    raise GeneratorExit


def is_odd() -> int:
    raise Odd


def is_a_group() -> int:
    raise BaseExceptionGroup("all at once", [SystemExit(0), KeyboardInterrupt()])


WAYS = [exits, is_odd, is_a_group, leaves_a_generator, Exiting, interrupts]


def parse_amount(text: str) -> int:
    return WAYS[len(text) % len(WAYS)]()  # type: ignore[return-value]
