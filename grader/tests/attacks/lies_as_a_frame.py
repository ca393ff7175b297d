"""Returns subclasses of DataFrame that claim to be equal, and frames whose columns and cells lie.

Must: a subclass is refused; a real frame crosses as plain cells, so its lies stay behind.
Tests: test_a_bom_another_column_order_and_extra_columns_change_nothing,
test_a_file_with_only_a_header_gives_an_empty_frame_of_the_same_types
"""

import itertools
from pathlib import Path

import pandas as pd

RAW = ["order_id", "ordered_at", "updated_at", "customer_id", "district", "status", "amount", "source", "record"]
turns = itertools.count()


class Frame(pd.DataFrame):  # noqa: PLW1641
    def __eq__(self, other: object) -> "Frame":
        return self

    def equals(self, other: object) -> bool:
        return True

    def __len__(self) -> int:
        return 12

    @property
    def iloc(self) -> "Frame":  # type: ignore[override]
        return self


class Name(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class Columns(pd.Index):  # noqa: PLW1641
    def __eq__(self, other: object) -> bool:
        return True


def lying() -> pd.DataFrame:
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in RAW})
    match next(turns) % 4:
        case 0:
            return Frame(frame)
        case 1:
            frame.columns = pd.Index([Name(name) for name in RAW], dtype=object)
        case 2:
            object.__setattr__(frame, "equals", lambda _: True)
            object.__setattr__(frame, "to_dict", lambda _: [])
        case 3:
            frame.__class__ = Frame
    return frame


def extract_csv(path: Path) -> tuple[pd.DataFrame, list[dict]]:
    return lying(), []


Frame.__name__ = Frame.__qualname__ = "DataFrame"
Frame.__module__ = "pandas"
