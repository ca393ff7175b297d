"""Answers with numbers that are small to send and endless to calculate with: millions of digits, 1E+999999999.

Must: each of them is refused as a result, and the test failed at once.
"""

import sys
from decimal import MAX_EMAX, MAX_PREC, Context, Decimal, setcontext

sys.set_int_max_str_digits(0)
setcontext(Context(prec=MAX_PREC, Emax=MAX_EMAX))


def parse_amount(text: str) -> int:
    numbers = [
        1 << 30_000_000,
        -(1 << 8191),
        (1 << 8190) - 1,
        Decimal("1E+999999999"),
        Decimal("1E-999999999"),
        Decimal("7" * 5_000_000),
        Decimal("9" * 900) * 10**100,
    ]
    return numbers[len(text) % len(numbers)]
