"""Returns objects that say they are int, a DataFrame, an exception of the grader, or an object of the stub.

Must: refused; a name or a __class__ proves nothing.
"""

import itertools

turns = itertools.count()


class Meta(type):
    def __eq__(cls, other: object) -> bool:
        return True

    def __hash__(cls) -> int:
        return hash(int)

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class Number(metaclass=Meta):
    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return int

    def __next__(self) -> int:
        return 150_000

    def __iter__(self) -> "Number":
        return self


class DataFrame(metaclass=Meta):
    columns = ("amount",)

    def __len__(self) -> int:
        return 1


class Passed(Exception):
    pass


DataFrame.__module__ = "pandas"
Passed.__name__ = Passed.__qualname__ = "NotGraded"
Passed.__module__ = "grader.student"


def parse_amount(text: str) -> int:
    match next(turns) % 3:
        case 0:
            return Number()  # type: ignore[return-value]
        case 1:
            return DataFrame()  # type: ignore[return-value]
        case _:
            raise Passed("a fault of the course, not of yours. It costs no points.")
