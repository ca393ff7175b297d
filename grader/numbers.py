"""Numbers that look small on the wire and are huge when one calculates with them, or all have one hash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

MOST_DIGITS = 1000
MOST_EXPONENT = 10_000
FEW = 64


def check_decimal(value: Decimal) -> str:
    """Its text; ValueError for one with more digits or a greater exponent than anything here has use for."""
    _, digits, exponent = value.as_tuple()
    if len(digits) > MOST_DIGITS or (isinstance(exponent, int) and abs(exponent) > MOST_EXPONENT):
        raise ValueError(f"a Decimal of {len(digits)} digits and the exponent {exponent}")
    return str(value)


def read_decimal(text: str) -> Decimal:
    """The Decimal again, under the same limits."""
    if len(text) > MOST_DIGITS + MOST_EXPONENT:
        raise ValueError("a Decimal of too many digits")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("text that is no Decimal") from None
    check_decimal(value)
    return value


def spread(keys: Iterable[Any]) -> bool:
    """Whether no crowd of keys has one hash: building a dict of such takes quadratic time. Text has random hashes."""
    crowds = Counter(hash(key) for key in keys if type(key) not in (str, bytes))
    return not crowds or max(crowds.values()) <= FEW
