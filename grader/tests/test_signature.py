"""Does a result have the type that the stub's annotation says?"""

import ast
import datetime
import uuid
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from grader.signature import misfit


def found(value, annotation):
    return misfit(value, ast.parse(annotation, mode="eval").body)


FITS = [
    (1, "int"),
    (1, "float"),
    (1.5, "float"),
    (True, "bool"),
    ("a", "str"),
    (b"", "bytes"),
    (None, "None"),
    (None, "int | None"),
    (None, "Optional[int]"),
    (None, "typing.Optional[int]"),
    (1, "int | str | None"),
    ([], "list[int]"),
    ([1, 2], "list[int]"),
    ([1, None], "list[int | None]"),
    ({}, "dict[str, int]"),
    ({"a": [1]}, "dict[str, list[int]]"),
    ({1: 2}, "dict"),
    ((1, "a"), "tuple[int, str]"),
    ((), "tuple[int, ...]"),
    ((), "tuple[()]"),
    ((1, 2, 3), "tuple[int, ...]"),
    ({1}, "set[int]"),
    (Decimal(1), "Decimal"),
    (Decimal(1), "decimal.Decimal"),
    (datetime.date(2026, 1, 1), "date"),
    (datetime.datetime(2026, 1, 1), "datetime.datetime"),
    (datetime.timedelta(1), "timedelta"),
    (uuid.UUID(int=0), "UUID"),
    (Path(), "Path"),
    (pd.DataFrame(), "pd.DataFrame"),
    ([pd.DataFrame()], "list[pd.DataFrame]"),
    (iter([]), "Iterator[int]"),
    ((n for n in [1]), "Generator[int, None, None]"),
    ([1], "Iterable[int]"),
    ("anything", "Any"),
    ({"a": object()}, "dict[str, Any]"),
    (1, "'int'"),
    ("ok", "Literal['ok', 'late']"),
    ([1], "Sequence[int]"),
    ({}, "Mapping[str, int]"),
]


@pytest.mark.parametrize(("value", "annotation"), FITS)
def test_what_the_annotation_says_fits(value, annotation):
    assert found(value, annotation) is None


MISFITS = [
    (None, "int", ("", "None")),
    (True, "int", ("", "a bool")),
    (1, "bool", ("", "an int")),
    ("1", "int", ("", "a str")),
    (1.0, "int", ("", "a float")),
    (True, "float", ("", "a bool")),
    (datetime.datetime(2026, 1, 1), "date", ("", "a datetime.datetime")),
    ((1,), "list[int]", ("", "a tuple")),
    ([1, "2"], "list[int]", ("[1]", "a str")),
    ([[1], [None]], "list[list[int]]", ("[1][0]", "None")),
    ({1: 1}, "dict[str, int]", (" key 1", "an int")),
    ({"a": "1"}, "dict[str, int]", ("['a']", "a str")),
    ({"a": [1, {}]}, "dict[str, list[int]]", ("['a'][1]", "a dict")),
    ((1, "a", 2), "tuple[int, str]", ("", "a tuple of 3")),
    ((1, 2), "tuple[int, str]", ("[1]", "an int")),
    ((1, "a"), "tuple[int, ...]", ("[1]", "a str")),
    ((1,), "tuple[()]", ("", "a tuple of 1")),
    ({"a"}, "set[int]", ("{…}", "a str")),
    ("a", "int | None", ("", "a str")),
    ([None], "list[int] | None", ("[0]", "None")),
    ("a", "Optional[int]", ("", "a str")),
    ([1], "pd.DataFrame", ("", "a list")),
    ([1], "Iterator[int]", ("", "a list")),
    (iter([]), "list[int]", ("", "a list_iterator")),
    ("a", "'int | None'", ("", "a str")),
]


@pytest.mark.parametrize(("value", "annotation", "place"), MISFITS)
def test_what_does_not_fit_is_named_with_its_place(value, annotation, place):
    assert found(value, annotation) == place


def test_without_annotation_everything_fits():
    assert misfit(object(), None) is None


def test_a_class_of_the_stub_fits_by_its_name():
    order = type("Order", (), {})()
    assert found(order, "Order") is None
    assert found([order], "list[Order]") is None
    assert found(None, "Order") == ("", "None")
    assert found(order, "Customer") == ("", "a grader.Order")


def test_only_the_beginning_of_a_long_result_is_looked_at():
    assert found([1] * 999 + ["a"], "list[int]") == ("[999]", "a str")
    assert found([1] * 1000 + ["a"], "list[int]") is None
