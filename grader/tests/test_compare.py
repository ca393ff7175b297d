"""Where two values differ, in words that one look is enough for."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given

from grader.compare import Place, differences, show, show_short
from grader.tests.values import plain


@dataclass
class Row:
    number: int
    amount: float


@dataclass(frozen=True, slots=True)
class Slim:
    number: int


class Point(NamedTuple):
    x: int
    y: int


def places(got, expected, rel=None):
    return [(place.where, place.got, place.expected) for place in differences(got, expected, rel)]


@given(plain)
def test_a_value_is_the_same_as_itself(value):
    assert differences(value, value) == []


@pytest.mark.parametrize(
    ("got", "expected", "place"),
    [
        (1, 2, ("", "1", "2")),
        ("7", 7, ("", "'7'  (str)", "7  (int)")),
        (True, 1, ("", "True  (bool)", "1  (int)")),
        (1.0, 1, ("", "1.0  (float)", "1  (int)")),
        (None, 0, ("", "None", "0  (int)")),
        ((1,), [1], ("", "(1,)  (tuple)", "[1]  (list)")),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, ("a, b, [1]", "2", "3")),
        ({"a b": 1}, {"a b": 2}, ("['a b']", "1", "2")),
        ({1: "x"}, {1: "y"}, ("[1]", "'x'", "'y'")),
        ({}, {"a": 1}, ("keys", "no 'a'", "['a']")),
        ({"a": 1, "b": 2}, {"a": 1}, ("keys", "also 'b'", "['a']")),
        ([1], [1, 2], ("length", "1: [1]", "2: [1, 2]")),
        ({1, 2}, {2, 3}, ("", "no {3}, also {1}", "{2, 3}")),
        (Row(1, 2.0), Row(1, 3.0), ("amount", "2.0", "3.0")),
        (Slim(1), Slim(2), ("number", "1", "2")),
        (Point(1, 2), Point(1, 3), ("y", "2", "3")),
        ([Row(1, 2.0)], [Row(1, 2)], ("[0], amount", "2.0  (float)", "2  (int)")),
        (Decimal("1.5"), Decimal("1.50"), ("", "Decimal('1.5')", "Decimal('1.50')")),
        (b"a", b"b", ("", "b'a'", "b'b'")),
        ({1.0: "a"}, {1: "a"}, ("key", "1.0  (float)", "1  (int)")),
        ({True, 2}, {1, 2}, ("", "no {1}, also {True}", "{1, 2}")),
    ],
)
def test_the_first_difference_is_named(got, expected, place):
    assert places(got, expected)[0] == place


def test_nan_is_nan_and_nothing_else():
    nan = float("nan")
    assert differences([nan, {"a": nan}], [nan, {"a": float("nan")}]) == []
    assert places(nan, 1.0) == [("", "nan", "1.0")]
    assert places(1.0, nan) == [("", "1.0", "nan")]


def test_floats_may_be_off_by_rel_wherever_they_are():
    assert differences([{"a": (1.0, [2.0])}], [{"a": (1.0 + 1e-12, [2.0])}], rel=1e-9) == []
    assert places([1.0], [1.1], rel=1e-9) == [("[0]", "1.0", "1.1")]
    assert places(1.0, 1.0 + 1e-12) != []
    assert places([1], [1.0], rel=1e-9) == [("[0]", "1  (int)", "1.0  (float)")]


def test_the_same_instant_in_another_zone_is_the_same_but_a_naive_time_is_not():
    utc = datetime.datetime(2026, 1, 1, 3, tzinfo=datetime.UTC)
    assert differences(utc.astimezone(datetime.timezone(datetime.timedelta(hours=7))), utc) == []
    assert len(places(utc.replace(tzinfo=None), utc)) == 1


def test_only_the_first_few_places_are_told():
    assert len(places(list(range(100)), list(range(1, 101)))) == 3


def test_the_order_of_a_dict_does_not_count():
    assert differences({"a": 1, "b": 2}, {"b": 2, "a": 1}) == []


# frames


def frame(**columns):
    return pd.DataFrame(columns)


def test_frames_are_compared_by_names_dtypes_rows_and_cells():
    expected = frame(id=[1, 2, 3], name=["a", "b", None])
    assert differences(expected.copy(), expected) == []
    assert places(expected[["name", "id"]], expected) == [("columns", "name, id", "id, name")]
    assert places(expected.astype({"id": "Int64"}), expected) == [("dtype of id", "Int64", "int64")]
    assert places(expected[:2], expected) == [("rows", "2", "3")]
    assert places(frame(id=[1, 9, 3], name=["a", "x", "c"]), expected) == [
        ("row 1, id", "9", "2"),
        ("row 1, name", "'x'", "'b'"),
        ("row 2, name", "'c'", "missing"),
    ]


def test_the_index_does_not_count():
    expected = frame(a=[1, 2])
    assert differences(expected.set_axis([5, 5]), expected) == []


def test_missing_is_missing_however_it_is_written():
    for dtype in ("Int64", "float64", "str", "object", "datetime64[us, UTC]", "boolean"):
        column = pd.DataFrame({"a": pd.Series([None, None], dtype=dtype)})
        assert differences(column.copy(), column) == []
    got = pd.DataFrame({"a": pd.Series([pd.NaT, 1.0, 2.0], dtype=object)})
    expected = pd.DataFrame({"a": pd.Series([None, 1.0, 3.0], dtype=object)})
    assert places(got, expected) == [("row 2, a", "2.0", "3.0")]


def test_cells_may_be_off_by_rel_and_the_row_is_told():
    assert differences(frame(a=[1.0, float("nan")]), frame(a=[1.0 + 1e-12, float("nan")]), rel=1e-9) == []
    assert places(frame(a=[1.0, 2.0]), frame(a=[1.0, 2.5]), rel=1e-9) == [("row 1, a", "2.0", "2.5")]


def test_decimals_in_frames_are_compared_to_the_last_zero():
    got, expected = (frame(a=pd.Series([Decimal(text)], dtype=object)) for text in ("1.5", "1.50"))
    assert places(got, expected) == [("row 0, a", "Decimal('1.5')", "Decimal('1.50')")]


def test_columns_of_one_name_are_compared_one_by_one():
    got, expected = pd.DataFrame([[1, 2]], columns=["a", "a"]), pd.DataFrame([[1, 3]], columns=["a", "a"])
    assert places(got, expected) == [("row 0, a", "2", "3")]


def test_a_frame_is_no_list_and_frames_may_stand_in_lists():
    assert places([1], frame(a=[1]))[0][2].startswith("DataFrame of 1 row")
    assert places([frame(a=[1])], [frame(a=[2])]) == [("[0], row 0, a", "1", "2")]


# short texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": 2}, "{'b': 1, 'a': 2}"),
        (datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), "datetime(2026-01-01T00:00:00+00:00)"),
        (datetime.date(2026, 1, 1), "date(2026-01-01)"),
        (Path("/tmp/x/orders.csv"), 'Path("…/orders.csv")'),
        (list(range(100)), "[0, 1, 2, 3, ...]"),
        (pd.DataFrame({"a": [1]}), "DataFrame of 1 row, columns a"),
        (pd.DataFrame(), "DataFrame of 0 rows, columns (none)"),
        ([{"a": {"b": {"c": {"d": 1}}}}], "[{'a': {'b': {'c': {…}}}}]"),
    ],
)
def test_values_are_shown_in_the_order_they_have_and_short(value, text):
    assert show(value) == text


@given(plain)
def test_what_is_shown_is_short(value):
    assert len(show(value)) < 10_000
    assert len(show_short(value)) <= 60


def test_a_place_without_a_name_is_the_value_as_a_whole():
    assert differences(1, 2) == [Place("", "1", "2")]
