"""Returns lists, dicts and tuples of its own that are equal to all, of any length, and hold whatever is asked for.

Must: refused, because only exact types cross, also inside of other containers.
Tests: test_a_first_load_stores_every_row, test_a_second_load_changes_no_row,
test_one_broken_file_is_reported_and_the_rest_is_loaded,
test_a_rerun_doubles_no_reject, test_whole_numbers_become_exact_text
"""

from pathlib import Path
from typing import Any


class Liar:
    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0

    def __len__(self) -> int:
        return 3

    def __contains__(self, what: object) -> bool:
        return True

    def __getitem__(self, key: Any) -> Any:
        return self

    def __bool__(self) -> bool:
        return True


class Counts(Liar, dict):  # type: ignore[type-arg]
    pass


class Rejects(Liar, list):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        return iter(())


class Pair(Liar, tuple):  # type: ignore[type-arg]
    __slots__ = ()


def load(db: Path, clean: object) -> dict[str, int]:
    return Counts(inserted=1, updated=0, unchanged=0)


def run(sources: list[Path], db: Path) -> dict:
    return {"read": 1, "loaded": 1, "duplicates": 0, "rejected": Rejects(), "failed": Counts()}


def extract_json(path: Path) -> tuple[object, list[dict]]:
    return Pair((Liar(), Rejects()))  # type: ignore[return-value]
