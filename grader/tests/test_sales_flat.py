"""The wide export: what was planted is what one finds, and nothing else is wrong with it."""

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

from grader.datasets.sales_flat import (
    COLUMNS,
    CONTRADICTIONS,
    DETERMINES,
    Export,
    export,
    sales,
    shop,
    side,
    spelled_otherwise,
    write_sales_flat,
)


def made(seed: int, kinds: list[str], **dirt: Any) -> Export:
    rng = random.Random(seed)
    of = shop(rng)
    return export(rng, of, sales(rng, of, 12), kinds, **dirt)


def refused_by_definition(rows: list[dict[str, Any]]) -> list[int]:
    """Indexes of all rows of orders of which a row has a value with two right sides."""
    says = defaultdict(set)
    for left, right in DETERMINES.items():
        for row in rows:
            says[left, side(row, left)].add(side(row, right))
    lost = {row["order_id"] for row in rows for left in DETERMINES if len(says[left, side(row, left)]) > 1}
    return [index for index, row in enumerate(rows) if row["order_id"] in lost]


def test_each_kind_of_contradiction_refuses_what_the_definition_says() -> None:
    for seed in range(5):
        for kind in CONTRADICTIONS:
            made_so = made(seed, [kind], resent=3)
            assert made_so.refused == refused_by_definition(made_so.rows) != [], kind


def test_rows_without_contradictions_are_all_stored_or_duplicates() -> None:
    clean = made(1, [], resent=5)
    assert (clean.refused, clean.duplicates, clean.faults) == ([], 5, {"row_sent_again": 5})
    assert len(clean.rows) == len(clean.stored) + 5
    assert all(tuple(row) == COLUMNS for row in clean.rows)


def test_several_contradictions_at_once_add_up() -> None:
    for seed in range(20):
        many = made(seed, [*CONTRADICTIONS][seed % 3 :: 3], resent=2)
        assert many.refused == refused_by_definition(many.rows)
        assert len(many.rows) == len(many.stored) + many.duplicates + len(many.refused)


def test_another_spelling_says_the_same() -> None:
    row = made(1, []).rows[0]
    other = spelled_otherwise(random.Random(1), row)
    assert (other["email"].strip().lower(), other["ordered_at"]) == (row["email"], row["ordered_at"])


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    faults = [write_sales_flat(path, random.Random(7), 300) for path in (one, other)]
    assert one.read_bytes() == other.read_bytes()
    assert faults[0] == faults[1] and sum(kind.startswith("contradicts") for kind in faults[0]) == 5
