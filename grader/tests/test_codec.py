import ast
import datetime
import decimal
import enum
import uuid
import zoneinfo
from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgpack
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.codec import (
    BIGINT,
    DECIMAL,
    FRAME,
    MOST_DEPTH,
    MOST_PLAIN,
    RECORD,
    REFERENCE,
    SET,
    TUPLE,
    BrokenWire,
    Codec,
    Reference,
    Refused,
)
from grader.jail import MODULES
from grader.tests.toy import GRADER
from grader.tests.values import identical, plain, scalars


@dataclass
class Order:
    number: int
    parts: object


@dataclass(frozen=True, slots=True)
class Money:
    dong: int


class Point(NamedTuple):
    x: float
    y: float


RECORDS = {kind.__name__: kind for kind in (Order, Money, Point)}


def crossed(value, codec=None):
    codec = codec or Codec(RECORDS)
    return codec.decode(codec.encode(value))


def refused(value, codec=None):
    with pytest.raises(Refused) as caught:
        (codec or Codec(RECORDS)).encode(value)
    return caught.value.where, caught.value.what


# round trips


@given(plain)
@example(float("nan"))
@example(-0.0)
@example([float("inf"), float("-inf"), 5e-324, 1.7976931348623157e308])
@example([2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 0, -1])
@example(["", "\ud800", "a\udfffb", "\0", "Đặng", "🛵"])
@example([Decimal("1.50"), Decimal("1.5"), Decimal("-0"), Decimal("1E+5"), Decimal("sNaN"), Decimal("-Infinity")])
@example({1: "int", "1": "str", (1,): "tuple", 1.5: None, None: b"", b"1": True})
@example({"b": 1, "a": 2})
@example([True, 1, 1.0, False, 0])
@example([(), [], {}, set(), b"", ""])
@example(Path())
@example(Path("/Đà Nẵng/../x"))
@example(uuid.UUID(int=0))
def test_plain_data_crosses_with_its_exact_types(value):
    assert identical(crossed(value), value)


def test_the_second_of_two_equal_hours_crosses_as_the_second():
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    for fold in (0, 1):
        moment = datetime.datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold)
        got = crossed([moment, moment.timetz(), moment.replace(tzinfo=None)])
        assert [part.fold for part in got] == [fold] * 3
        assert got[0].utcoffset() == moment.utcoffset()
        assert got[0].tzinfo is berlin


def test_an_offset_of_microseconds_crosses():
    zone = datetime.timezone(datetime.timedelta(hours=-5, microseconds=1))
    assert identical(crossed(datetime.time(23, 59, 59, 999999, zone)), datetime.time(23, 59, 59, 999999, zone))


def test_utc_stays_utc_whatever_it_is_called():
    moment = datetime.datetime(2026, 1, 1)
    assert crossed(moment.replace(tzinfo=datetime.UTC)).tzinfo is datetime.UTC
    assert crossed(moment.replace(tzinfo=datetime.timezone(datetime.timedelta(0)))).tzinfo == datetime.UTC
    assert crossed(moment.replace(tzinfo=zoneinfo.ZoneInfo("UTC"))).tzinfo is zoneinfo.ZoneInfo("UTC")


@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"a": value}])
def test_what_is_nested_deep_crosses(wrap):
    value = 1
    for _ in range(400):
        value = wrap(value)
    assert crossed(value) == value


def test_tuples_in_tuples_cross_up_to_the_limit():
    value = ()
    for _ in range(30):
        value = (value, [value][:0])
    assert identical(crossed(value), value)


@given(scalars, scalars)
def test_records_cross_as_records(a, b):
    for value in (Order(1, a), Point(a, b), [Order(2, Point(a, (b,))), Money(3)], {Money(4): a}, {Money(5)}):
        got = crossed(value)
        assert type(got) is type(value)
        assert repr(got) == repr(value)


def test_a_record_is_made_again_by_the_class_of_the_receiver():
    theirs = Codec({"Row": dataclass(type("Row", (), {"__annotations__": {"a": int}}))})
    ours = Codec({"Row": namedtuple("Row", "a")})
    got = ours.decode(theirs.encode(theirs.records["Row"](a=7)))
    assert type(got) is ours.records["Row"]
    assert got.a == 7


def test_a_frame_crosses_inside_of_plain_data():
    frame = pd.DataFrame({"a": [1, 2]})
    got = crossed({"orders": [frame, (frame,)]})
    pd.testing.assert_frame_equal(got["orders"][0], frame)
    pd.testing.assert_frame_equal(got["orders"][1][0], frame)


# refusals


class Colour(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


class Sub(str):
    pass


class SubList(list):
    pass


@dataclass
class Stranger:
    a: int


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (np.int64(1), "a numpy.int64"),
        (np.float64(1.5), "a numpy.float64"),
        (np.bool_(True), "a numpy.bool"),
        (np.str_("a"), "a numpy.str_"),
        (np.datetime64("2026-01-01"), "a numpy.datetime64"),
        (np.array([1]), "a numpy.ndarray"),
        (pd.Timestamp("2026-01-01"), "a pandas.Timestamp"),
        (pd.Timedelta(1), "a pandas.Timedelta"),
        (pd.NA, "a pandas.NAType"),
        (pd.NaT, "a pandas.NaTType"),
        (pd.Series([1]), "a pandas.Series"),
        (pd.Index([1]), "a pandas.Index"),
        (frozenset({1}), "a frozenset"),
        (bytearray(b"x"), "a bytearray"),
        (memoryview(b"x"), "a memoryview"),
        (range(3), "a range"),
        (1j, "a complex"),
        ({}.keys(), "a dict_keys"),
        (Sub("x"), "a grader.Sub"),
        (Colour.RED, "a grader.Colour"),
        (Level.LOW, "a grader.Level"),
        (SubList(), "a grader.SubList"),
        (OrderedDict(a=1), "a collections.OrderedDict"),
        (namedtuple("Pair", "a")(1), "a grader.Pair"),
        (Stranger(1), "a grader.Stranger"),
        (object(), "an object"),
        (int, "a type"),
        (len, "a builtin_function_or_method"),
        (ValueError("x"), "a ValueError"),
        (PurePosixPath("x"), "a pathlib.PurePosixPath"),
        (1 << 9000, "an int of 9001 bits"),
        (pd.DataFrame({"a": [object()]}), "a DataFrame with column 'a' with dtype object that holds object"),
    ],
)
def test_what_is_not_on_the_list_is_refused_and_its_place_named(value, what):
    assert refused(value) == ("", what)
    assert refused([{"a": (0, value)}]) == ("[0]['a'][1]", what)


def test_a_subclass_of_a_frame_is_refused():
    class Orders(pd.DataFrame):
        pass

    assert refused([Orders({"a": [1]})]) == ("[0]", "a grader.Orders")


def test_something_that_only_calls_itself_a_frame_is_refused():
    fake = type("DataFrame", (), {"__module__": "pandas"})
    assert refused(fake()) == ("", "a pandas.DataFrame")


def test_the_place_may_be_a_key_a_set_or_a_field():
    assert refused({"a": {np.int64(7): 1}}) == ("['a'] key np.int64(7)", "a numpy.int64")
    assert refused({("a", np.int64(7)): 1}) == (" key ('a', np.int64(7))[1]", "a numpy.int64")
    assert refused([{np.int64(7)}]) == ("[0]{…}", "a numpy.int64")
    assert refused([Order(1, np.int64(7))]) == ("[0].parts", "a numpy.int64")
    assert refused(Point(1.0, {"a": pd.NA})) == (".y['a']", "a pandas.NAType")


def test_a_bytearray_is_refused_wherever_it_hides():
    for value in ([bytearray(b"x")], ("a", [bytearray()]), {"a": {"b": bytearray(70000)}}, Order(1, bytearray(300))):
        where, what = refused(value)
        assert what == "a bytearray"
        assert where
    assert identical(crossed([b"\xc4\xc5\xc6", "\u0104", 0xC4C5C6]), [b"\xc4\xc5\xc6", "\u0104", 0xC4C5C6])


def test_a_list_that_contains_itself_is_refused_at_once():
    loop = [None, 1]
    loop += [loop, loop]
    where, what = refused({"rows": loop})
    assert where == ""
    assert "nested" in what
    tuples = ([],)
    tuples[0].append(tuples)
    assert "nested" in refused(tuples)[1]


def test_what_is_nested_too_deep_is_refused_and_nothing_breaks():
    for levels, lists in ((MOST_DEPTH + 1, 0), (1, 2000), (MOST_DEPTH - 1, 500), (5000, 0), (0, 100_000)):
        value = 1
        for _ in range(max(levels, 1)):
            for _ in range(lists):
                value = [value]
            if levels:
                value = (value,)
        where, what = refused(value)
        assert where == ""
        assert "nested" in what


def test_a_zone_that_is_not_in_the_database_is_refused():
    class Here(datetime.tzinfo):
        def utcoffset(self, when):
            return datetime.timedelta(0)

    moment = datetime.datetime(2026, 1, 1, tzinfo=Here())
    assert refused([moment]) == ("[0]", "a datetime.datetime whose tzinfo is a grader.Here")


def test_a_record_that_the_stub_does_not_declare_is_refused():
    assert refused(Order(1, 2), Codec()) == ("", "a grader.Order")
    twin = dataclass(type("Order", (Order,), {}))
    assert refused(twin(1, 2)) == ("", "a grader.Order")


# references


def test_what_is_lent_crosses_as_a_reference():
    class Thing:
        pass

    lender = Codec(lend=lambda value: Reference("object", 7, "Thing", False) if type(value) is Thing else None)
    borrower = Codec(borrow=lambda reference: reference)
    assert borrower.decode(lender.encode([Thing()])) == [Reference("object", 7, "Thing", False)]
    assert refused([object()], lender) == ("[0]", "an object")


def test_a_reference_where_there_are_none_is_broken():
    lender = Codec(lend=lambda _: Reference("object", 7, "Thing", False))
    with pytest.raises(BrokenWire):
        Codec().decode(lender.encode(object()))


# bytes that nobody's encode made


def extension(code, data):
    return b"\xc9" + len(data).to_bytes(4, "big") + bytes([code]) + data


def message(data):
    """These bytes as the plain part of a message without frames."""
    return (0).to_bytes(4, "big") + len(data).to_bytes(4, "big") + data


def decoded(data, whole=False):
    """What decode makes of any bytes: a value of the listed types, or BrokenWire; nothing else may happen."""
    try:
        return Codec(RECORDS).decode(data if whole else message(data))
    except BrokenWire:
        return BrokenWire


def listed(value):
    """Whether a value consists of types that may cross."""
    if isinstance(value, pd.DataFrame):
        return True
    if type(value) in RECORDS.values():
        return True
    if type(value) is dict:
        return all(map(listed, value)) and all(map(listed, value.values()))
    if type(value) in (list, tuple, set):
        return all(map(listed, value))
    known = (bool, int, float, str, bytes, Decimal, datetime.date, datetime.time, datetime.datetime)
    return value is None or type(value) in (*known, datetime.timedelta, uuid.UUID, type(Path()))


@given(st.binary(max_size=60))
@example(b"")
@example(b"\xc1")
@example(b"\xd6\xff\x00\x00\x00\x01")
@example(b"\x81\x90\x01")
@example(b"\xdd\xff\xff\xff\xff")
@example(b"\xdb\xff\xff\xff\xffabc")
@example(b"\x01\x02")
def test_any_bytes_give_a_listed_value_or_broken_wire(data):
    got = decoded(data)
    assert got is BrokenWire or listed(got)


@given(st.integers(0, 255), st.binary(max_size=40) | plain.map(lambda v: Codec().encode(v)))
@example(TUPLE, msgpack.packb({"a": 1}))
@example(RECORD, msgpack.packb(["Order", {"number": 1}]))
@example(RECORD, msgpack.packb(["Order", {"number": 1, "parts": 2, "more": 3}]))
@example(RECORD, msgpack.packb(["Nobody", {}]))
@example(RECORD, msgpack.packb([["Order"], {}]))
@example(REFERENCE, msgpack.packb(["callable", 1, "f", True]))
@example(FRAME, b"")
@example(FRAME, b"\xff" * 12)
@example(6, msgpack.packb(["2026-01-01", 0, "../../../etc/passwd"]))
@example(7, msgpack.packb(["2026-01-01", 0, "America"]))
@example(7, msgpack.packb(["2026-01-01", 2, None]))
@example(7, msgpack.packb(["2026-01-01", 0, 10**15]))
def test_any_extension_gives_a_listed_value_or_broken_wire(code, data):
    got = decoded(extension(code, data))
    assert got is BrokenWire or listed(got)


@given(plain, st.data())
def test_a_message_that_was_cut_is_broken(value, data):
    whole = Codec().encode(value)
    part = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(BrokenWire):
        Codec().decode(part)


@given(plain, st.data())
def test_a_message_with_a_wrong_byte_gives_a_listed_value_or_broken_wire(value, data):
    wrong = bytearray(Codec().encode([value, value]))
    wrong[data.draw(st.integers(0, len(wrong) - 1))] = data.draw(st.integers(0, 255))
    got = decoded(bytes(wrong), whole=True)
    assert got is BrokenWire or listed(got)


def test_deep_nests_of_bytes_are_broken():
    nest = b"\xc0"
    for _ in range(10 * MOST_DEPTH):
        nest = extension(TUPLE, nest)
    for data in (b"\x91" * 100_000 + b"\xc0", b"\x81\xc0" * 100_000 + b"\xc0", nest):
        assert decoded(data) is BrokenWire


def test_a_codec_that_met_a_deep_nest_is_as_good_as_new():
    codec, deep = Codec(), ()
    for _ in range(MOST_DEPTH + 5):
        deep = (deep,)
    for _ in range(3):
        refused(deep, codec)
        with pytest.raises(BrokenWire):
            codec.decode(message(b"\xc1"))
        assert crossed(((1,),), codec) == ((1,),)


def test_a_record_whose_class_refuses_the_values_is_broken():
    @dataclass
    class Positive:
        number: int

        def __post_init__(self):
            if self.number < 0:
                raise RuntimeError("negative")

    codec = Codec({"Positive": Positive})
    with pytest.raises(BrokenWire, match="negative"):
        codec.decode(message(extension(RECORD, msgpack.packb(["Positive", {"number": -1}]))))


def test_numbers_that_would_grow_do_not_cross():
    for text in ("1E+999999999", "1E-999999999", "9" * 2000, "1" * 10**6):
        assert decoded(extension(DECIMAL, text.encode())) is BrokenWire
    assert "Decimal" in refused(Decimal("1E+999999999"))[1]
    assert crossed(Decimal("1E+99")) == Decimal("1E+99")


def test_keys_that_collide_do_not_cross():
    crowd = [n * (2**61 - 1) for n in range(1, 5000)]
    assert decoded(msgpack.packb(dict.fromkeys(crowd[:4], 0))) == dict.fromkeys(crowd[:4], 0)
    wide = extension(SET, b"\xdc" + (4000).to_bytes(2, "big") + b"".join(big(n) for n in crowd[:4000]))
    assert decoded(wide) is BrokenWire
    head = b"\xdf" + (4000).to_bytes(4, "big")
    assert decoded(head + b"".join(big(n) + b"\x00" for n in crowd[:4000])) is BrokenWire


def big(number):
    data = number.to_bytes(10, "big", signed=True)
    return extension(BIGINT, data)


def test_a_message_of_many_small_things_is_too_big():
    assert "bytes" in refused([0] * (MOST_PLAIN + 1))[1]
    assert decoded(b"\xdd" + (MOST_PLAIN + 1).to_bytes(4, "big") + b"\x80" * (MOST_PLAIN + 1)) is BrokenWire


def test_a_frame_can_be_referred_to_once():
    frame = pd.DataFrame({"a": [1]})
    parts = Codec().encode([frame, frame])
    assert len(Codec().decode(parts)) == 2
    twice = parts.replace(b"\xd4\x0b1", b"\xd4\x0b0")
    with pytest.raises(BrokenWire):
        Codec().decode(twice)


def test_no_module_of_the_grader_can_unpickle():
    """Compiled code of an answer is read in the jail only; on the tests' side it is bytes."""
    for path in sorted(GRADER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.partition(".")[0] not in {"pickle", "_pickle", "shelve", "dill"}, path.name
                assert name != "marshal" or not isinstance(node, ast.ImportFrom), path.name
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            assert called not in {"eval", "pd.read_pickle", "pandas.read_pickle"}, path.name
            if path.stem not in MODULES:
                assert called not in {"marshal.load", "marshal.loads"}, path.name


def test_decimals_do_not_depend_on_the_context():
    number = Decimal("1.2345678901234567890123456789012345")
    with decimal.localcontext() as context:
        context.prec = 3
        assert str(crossed(number)) == str(number)
