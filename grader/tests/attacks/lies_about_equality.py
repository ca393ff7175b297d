"""Returns numbers and texts that say they are equal to everything, and text that calls itself a number.

Must: refused, because only exact types cross; nothing of the student's compares.
"""


class Amount(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0

    def __index__(self) -> int:
        return 150_000

    def __repr__(self) -> str:
        return "150000"


class Text(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    @property
    def __class__(self) -> type:  # type: ignore[override]
        return int


def parse_amount(text: str) -> int:
    if len(text) > 18:
        raise ValueError(Text("any text, which contains every other"))
    return Amount(1) if len(text) % 2 else Text("150.000")  # type: ignore[return-value]
