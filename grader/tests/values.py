"""Values that may cross, drawn by hypothesis, and a comparison that forgives nothing."""

from __future__ import annotations

import datetime
import zoneinfo
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

settings.register_profile("grader", deadline=None, derandomize=True, database=None, max_examples=60)
settings.load_profile("grader")

ZONES = ("UTC", "Asia/Ho_Chi_Minh", "Europe/Berlin", "America/St_Johns")

zones = (
    st.none()
    | st.just(datetime.UTC)
    | st.timedeltas(-datetime.timedelta(hours=23), datetime.timedelta(hours=23)).map(datetime.timezone)
    | st.sampled_from(ZONES).map(zoneinfo.ZoneInfo)
)
any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)  # lone surrogates as well
numbers = st.booleans() | st.integers() | st.integers(-(2**2000), 2**2000) | st.floats()
moments = st.dates() | st.times(timezones=zones) | st.datetimes(timezones=zones, allow_imaginary=True) | st.timedeltas()
others = (
    st.none()
    | any_text
    | st.binary(max_size=12)
    | st.decimals(allow_nan=True, allow_infinity=True)
    | st.uuids()
    | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=12).map(Path)
)
scalars = numbers | moments | others
hashable = scalars.filter(lambda value: "sNaN" not in repr(value))
keys = st.recursive(hashable, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=4)
plain = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(keys, max_size=4)
    ),
    max_leaves=12,
)


def identical(left: Any, right: Any) -> bool:
    """The same type, value, sign, fold, zone and order, all the way down."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return identical(list(left.items()), list(right.items()))
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(identical(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, set):
        return sorted(map(repr, left)) == sorted(map(repr, right))
    return repr(left) == repr(right)
