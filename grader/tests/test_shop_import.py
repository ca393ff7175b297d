"""The files of the shop's history: what was planted is what one finds, and the truth adds up."""

import csv
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.datasets import shop_import
from grader.datasets.shop_import import CELLS, COLUMNS, FAULTS, RELATIONS, Fate, Known, ShopFiles, fates, shop_files

SMALL = {"buyers": 40, "goods": 40, "sales": 80}


def made(seed: int, **faults: int) -> ShopFiles:
    return shop_files(random.Random(seed), faults=faults, **SMALL)


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_without_faults_everything_is_loaded(seed: int) -> None:
    files = made(seed)
    found = fates(files)
    assert {fate.what for ends in found.values() for fate in ends} == {"loaded"}
    totals = Counter[int]()
    for line in shop_import.rows(files, found, "order_items.csv"):
        totals[line["order_id"]] += line["quantity"] * line["unit_price"]
    assert totals == {row["order_id"]: row["total"] for row in shop_import.rows(files, found, "orders.csv")}


@pytest.mark.parametrize("kind", [*CELLS, *RELATIONS])
def test_every_fault_has_its_rejects(kind: str) -> None:
    files = made(7, **{kind: 2})
    assert files.faults == {kind: 2}
    rejected = [fate for ends in fates(files).values() for fate in ends if fate.what == "rejected"]
    assert len(rejected) >= 2
    assert all(fate.columns for fate in rejected)


@given(st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_what_is_loaded_refers_to_what_is_loaded(seed: int) -> None:
    files = made(seed, **FAULTS)
    found = fates(files)
    rows = {file: shop_import.rows(files, found, file) for file in COLUMNS}
    orders = {row["order_id"] for row in rows["orders.csv"]}
    assert {row["customer_id"] for row in rows["orders.csv"]} <= {row["customer_id"] for row in rows["customers.csv"]}
    assert {row["order_id"] for row in rows["order_items.csv"]} == orders
    assert {row["sku"] for row in rows["order_items.csv"]} <= {row["sku"] for row in rows["products.csv"]}
    assert {row["order_id"] for row in rows["payments.csv"]} <= orders
    assert all(sum(c.values()) == 2 * c["read"] for c in shop_import.counts(found).values())


@given(st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_the_second_import_rejects_the_same(seed: int) -> None:
    files = made(seed, **FAULTS)
    first = fates(files)
    loaded = {file: {r.key(file) for r, fate in zip(files.records[file], first[file], strict=True)
                     if fate.what == "loaded"} for file in COLUMNS}  # fmt: skip
    emails = {row["email"].lower() for row in shop_import.rows(files, first, "customers.csv")}
    second = fates(files, Known(loaded, emails))
    for file, ends in first.items():
        expected = ["unchanged" if fate.what == "loaded" else "rejected" for fate in ends]
        assert [fate.what for fate in second[file]] == expected


def test_every_bad_text_is_in_the_files() -> None:
    files = shop_files(random.Random(3), faults=FAULTS, buyers=60, goods=80, sales=150)
    for texts in {texts for _, _, texts in CELLS.values()}:
        columns = {(file, column) for file, column, others in CELLS.values() if others == texts}
        there = {r.cells[c] for file, c in columns for r in files.records[file] if r.column == c}
        assert there == set(texts)


def test_the_files_are_read_back_as_written(tmp_path: Path) -> None:
    files = made(11, **FAULTS)
    shop_import.write(files, tmp_path, random.Random(1))
    for file, records in files.records.items():
        with (tmp_path / file).open(encoding="utf-8-sig", newline="") as lines:
            assert [*csv.DictReader(lines)] == [r.cells for r in records]
    marked = [file for file in COLUMNS if (tmp_path / file).read_bytes().startswith(b"\xef\xbb\xbf")]
    assert 0 < len(marked) < len(COLUMNS)


def test_a_line_of_a_known_order_is_refused_by_its_line() -> None:
    files = made(5)
    orders = {r.key("orders.csv") for r in files.records["orders.csv"]}
    known = Known()
    known.keys["orders.csv"] = {key for key in orders if key}
    assert set(fates(files, known)["order_items.csv"]) == {Fate("rejected", frozenset({"line"}))}
