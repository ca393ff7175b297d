import datetime
import decimal
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader import frames
from grader.codec import BrokenWire, Codec, Refused
from grader.frames import MASKED, NUMPY
from grader.tests.values import any_text

ZONED = ["datetime64[us, UTC]", "datetime64[ns, Asia/Ho_Chi_Minh]", "datetime64[s, America/St_Johns]"]
PLAIN_TIME = [f"{kind}[{unit}]" for kind in ("datetime64", "timedelta64") for unit in ("s", "ms", "us", "ns")]
text = st.text(st.characters(codec="utf-8"), max_size=8)


def cells_of(dtype):
    """What may stand in a column of this dtype."""
    if "bool" in dtype:
        cells = st.booleans()
    elif "float" in dtype.lower():
        cells = st.floats(width=int(dtype[-2:]), allow_nan=dtype in NUMPY)  # pandas takes NaN in Float64 for missing
    elif "int" in dtype.lower():
        bounds = np.iinfo(dtype.lower())
        cells = st.integers(int(bounds.min), int(bounds.max))
    elif dtype in ("str", "string"):
        cells = text
    elif "64[" in dtype:
        cells = st.integers(-(2**31), 2**31)
    elif dtype == "date":
        cells = st.dates()
    else:
        cells = st.decimals(allow_nan=False, allow_infinity=False)
    return cells if dtype in NUMPY else st.none() | cells


def column(dtype, cells):
    if dtype in ("date", "decimal"):
        return pd.Series(cells, dtype=object)
    if "64[" in dtype:
        return pd.Series([pd.NaT if cell is None else cell for cell in cells], dtype=dtype)
    return pd.Series(cells, dtype=dtype)


DTYPES = sorted(NUMPY) + sorted(MASKED) + ["str", "string", "date", "decimal", *PLAIN_TIME, *ZONED]


@st.composite
def tables(draw, dtype):
    """Frames with columns of this dtype and of others."""
    rows, names = draw(st.integers(0, 5)), draw(st.lists(any_text | st.integers(-(2**63), 2**63 - 1), max_size=3))
    columns = []
    for place in range(len(names)):
        kind = draw(st.sampled_from(DTYPES)) if place else dtype
        columns.append(column(kind, draw(st.lists(cells_of(kind), min_size=rows, max_size=rows))))
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=range(rows))
    frame.columns = pd.Index(names, dtype=object)
    return frame.set_axis(draw(st.permutations(range(rows)))) if rows else frame


def crossed(frame):
    return Codec().decode(Codec().encode(frame))


def assert_same(got, frame):
    """The same names, dtypes and cells, to the bit; the index does not count."""
    assert [(type(name), name) for name in got.columns] == [(type(name), name) for name in frame.columns]
    assert list(map(str, got.dtypes)) == list(map(str, frame.dtypes))
    assert list(got.index) == list(range(len(frame)))
    for place in range(frame.shape[1]):
        left, right = got.iloc[:, place], frame.iloc[:, place]
        if str(left.dtype) == "object":
            assert list(map(repr, left)) == list(map(repr, right))
        elif str(left.dtype) in NUMPY:
            assert left.to_numpy().tobytes() == right.to_numpy().tobytes()
        else:
            pd.testing.assert_extension_array_equal(left.array, right.array, check_exact=True)


# round trips


@pytest.mark.parametrize("dtype", DTYPES)
@given(st.data())
@settings(max_examples=8)
def test_frames_cross_with_names_dtypes_and_every_bit(dtype, data):
    frame = data.draw(tables(dtype))
    assert_same(crossed(frame), frame)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_crosses_without_rows(dtype):
    frame = pd.DataFrame({"a": column(dtype, [])})
    got = crossed(frame)
    assert got.shape == (0, 1)
    assert str(got["a"].dtype) == str(frame["a"].dtype)


@pytest.mark.parametrize("dtype", sorted(set(DTYPES) - NUMPY))
def test_every_dtype_crosses_with_all_cells_missing(dtype):
    frame = pd.DataFrame({"a": column(dtype, [None, None])})
    got = crossed(frame)
    assert got["a"].isna().all()
    assert str(got["a"].dtype) == str(frame["a"].dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_frame_that_came_over_can_be_written_to(dtype):
    cell = {"str": "x", "string": "x", "date": datetime.date(2026, 1, 1), "decimal": Decimal(1)}.get(dtype, 1)
    cells = [bool(cell)] * 2 if "bool" in dtype else [cell] * 2
    got = crossed(pd.DataFrame({"a": column(dtype, cells)}))
    got.iloc[0, 0] = got.iloc[1, 0]
    got.loc[1, "a"] = got.iloc[0, 0]
    assert_same(got, pd.DataFrame({"a": column(dtype, cells)}))


def test_what_pandas_makes_by_itself_crosses():
    frame = pd.DataFrame({
        "id": [1, 2],
        "name": ["Hà Nội", None],
        "amount": pd.array([2**63 - 1, None], dtype="Int64"),
        "share": [float("nan"), -0.0],
        "at": pd.to_datetime(["2026-01-01T00:00:00Z", None]).as_unit("us"),
        "day": [datetime.date(2026, 1, 1), None],
        "price": [Decimal("1.50"), Decimal("1.5")],
        "ok": [True, False],
        "seen": pd.array([True, None], dtype="boolean"),
        "nothing": pd.Series([None, None], dtype=object),
    })  # fmt: skip
    for part in (frame, frame.iloc[:0], frame.iloc[1:], frame[["id"]], frame.iloc[:, ::-1], frame[frame.id > 1]):
        assert_same(crossed(part), part.reset_index(drop=True))


def test_names_may_be_doubled_and_may_be_numbers():
    for names in (["a", "a", ""], [0, 1, 2], ["a", 0, "0"], [2**64 - 1, -(2**63), 5]):
        frame = pd.DataFrame([[1, "x", 2.5]])
        frame.columns = names
        assert_same(crossed(frame), frame)


def test_a_frame_without_columns_keeps_its_rows():
    for rows in (0, 3):
        assert crossed(pd.DataFrame(index=range(rows))).shape == (rows, 0)


def test_the_index_does_not_count():
    frame = pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([("x", 1), ("x", 1)]))
    assert_same(crossed(frame), frame)


def test_missing_cells_among_objects_come_as_none():
    frame = pd.DataFrame({"a": pd.Series([None, float("nan"), pd.NaT, datetime.date(2026, 1, 1)], dtype=object)})
    assert crossed(frame)["a"].tolist() == [None, None, None, datetime.date(2026, 1, 1)]


def test_decimals_keep_their_zeros_and_their_exponents():
    cells = [Decimal(text) for text in ("1.5", "1.50", "1E+3", "-0.0", "0E-10", "9" * 60 + ".5")]
    with decimal.localcontext() as context:
        context.prec = 2
        assert list(map(str, crossed(pd.DataFrame({"a": column("decimal", cells)}))["a"])) == list(map(str, cells))


def test_a_column_in_many_pieces_crosses_whole():
    pieces = [pd.DataFrame({"a": [f"x{n}"]}) for n in range(5)]
    assert_same(crossed(pd.concat(pieces)), pd.DataFrame({"a": [f"x{n}" for n in range(5)]}))


def test_fixed_offsets_cross():
    zone = datetime.timezone(datetime.timedelta(hours=7))
    frame = pd.DataFrame({"at": pd.to_datetime(["2026-01-01T00:00:00Z"]).tz_convert(zone)})
    got = crossed(frame)
    assert (got["at"] == frame["at"]).all()
    assert str(got["at"].dtype) == str(frame["at"].dtype)


# refusals


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (pd.Series(["a"], dtype="category"), "a DataFrame with column 'a' with dtype category"),
        (pd.Series([1j]), "a DataFrame with column 'a' with dtype complex128"),
        (pd.Series([1], dtype="int64[pyarrow]"), "a DataFrame with column 'a' with dtype int64[pyarrow]"),
        (pd.Series([1], dtype=">i8"), "a DataFrame with column 'a' with dtype >i8"),
        (pd.Series([1], dtype="float16"), "a DataFrame with column 'a' with dtype float16"),
        (pd.Series(pd.period_range("2026", periods=1)), "a DataFrame with column 'a' with dtype period[D]"),
        (pd.Series([1, "x"], dtype=object), "a DataFrame with column 'a' with dtype object that holds int and str"),
        (pd.Series([[1]], dtype=object), "a DataFrame with column 'a' with dtype object that holds list"),
        (pd.Series(["a"], dtype=object), "a DataFrame with column 'a' with dtype object that holds str"),
        (
            pd.Series([datetime.date(2026, 1, 1), Decimal(1)], dtype=object),
            "a DataFrame with column 'a' with dtype object that holds Decimal and date",
        ),
        (
            pd.Series([datetime.datetime(2026, 1, 1)], dtype=object),
            "a DataFrame with column 'a' with dtype object that holds datetime",
        ),
    ],
)
def test_a_column_outside_the_list_is_refused_by_name(cells, what):
    with pytest.raises(Refused) as caught:
        Codec().encode({"report": pd.DataFrame({"ok": [1] * len(cells), "a": cells})})
    assert (caught.value.where, caught.value.what) == ("['report']", what)


@pytest.mark.parametrize("name", [None, 1.5, True, ("a", "b"), datetime.date(2026, 1, 1), 2**70])
def test_a_column_name_that_is_no_text_is_refused(name):
    with pytest.raises(Refused, match="a column name"):
        Codec().encode(pd.DataFrame([[1]], columns=pd.Index([name], dtype=object, tupleize_cols=False)))


def test_text_that_is_no_text_is_refused():
    frame = pd.DataFrame({"a": pd.Series(["\ud800"], dtype=pd.StringDtype("python"))})
    with pytest.raises(Refused, match="column 'a'"):
        Codec().encode(frame)


# bytes that nobody's encode made


def forged(dtype, cells, names=("a",), rows=None):
    """A frame on the wire whose only column says that it has this dtype, and holds the memory of these cells."""
    import msgpack

    buffers = frames._buffers(cells)
    sizes = [None if buffer is None else buffer.size for buffer in buffers]
    head = msgpack.packb([list(names), [dtype], len(cells) if rows is None else rows, [sizes]])
    return len(head).to_bytes(4, "big") + head + b"".join(memoryview(b) for b in buffers if b is not None)


def test_forged_is_like_encoded():
    assert forged("int64", pa.array([1, 2])) == frames.encode(pd.DataFrame({"a": [1, 2]}))


KINDS_OF_ARROW = {
    "int64": pa.array([1, 2], pa.int64()),
    "int32": pa.array([1, 2], pa.int32()),
    "float64": pa.array([1.5, 2.5]),
    "bool": pa.array([True, False]),
    "text": pa.array(["1", "2"], pa.large_string()),
    "small text": pa.array(["1", "2"], pa.string()),
    "time": pa.array([1, 2], pa.timestamp("us", tz="UTC")),
    "duration": pa.array([1, 2], pa.duration("us")),
    "date": pa.array([1, 2], pa.date32()),
    "decimal": pa.array([Decimal(1), Decimal(2)]),
    "null": pa.nulls(2),
    "list": pa.array([[1], [2]]),
    "struct": pa.array([{"a": 1}, {"a": 2}]),
    "dictionary": pa.array(["1", "2"]).dictionary_encode(),
    "bytes": pa.array([b"1", b"2"]),
}


@pytest.mark.parametrize("dtype", sorted({*frames.NUMPY, *frames.MASKED, *frames.TEXT, *frames.OBJECT}))
def test_whatever_a_column_holds_it_has_the_dtype_that_it_says_or_is_broken(dtype):
    for cells in KINDS_OF_ARROW.values():
        try:
            frame = frames.decode(forged(dtype, cells))
        except (ValueError, TypeError, OverflowError):
            continue
        assert (str(frame["a"].dtype), len(frame)) == (dtype.partition("[object")[0].partition("[")[0], len(cells))


def test_text_is_checked_before_it_is_used():
    wrong = pa.Array.from_buffers(pa.large_binary(), 1, pa.array([b"\xff\xfe"], pa.large_binary()).buffers())
    with pytest.raises(ValueError, match="UTF8"):
        frames.decode(forged("str", wrong))


def test_parts_that_do_not_fit_are_broken():
    cells = pa.array([1, 2])
    for data in (
        forged("int64", cells, rows=3),
        forged("int64", cells, names=("a", "b")),
        forged("int64", pa.array([1, None])),
        forged("object[decimal]", pa.array(["one", "2"], pa.large_string())),
        b"",
        b"\xff\xff\xff\xff",
        forged("int64", cells)[:-30],
    ):
        with pytest.raises(BrokenWire):
            Codec().decode(sent(data))


def sent(*parts):
    """A message whose plain part refers to the first of these frames."""
    plain = b"\xd4\x0b0"
    sizes = b"".join(len(part).to_bytes(4, "big") for part in (plain, *parts))
    return len(parts).to_bytes(4, "big") + sizes + plain + b"".join(parts)


@given(st.integers(0, 2000), st.integers(0, 255))
@example(0, 255)
def test_a_frame_with_a_wrong_byte_is_a_frame_or_broken(place, byte):
    frame = pd.DataFrame({"a": ["Huế", None], "b": [1.5, 2.5], "c": pd.array([1, None], dtype="Int64")})
    data = bytearray(Codec().encode(frame))
    data[place % len(data)] = byte
    try:
        got = Codec().decode(bytes(data))
    except BrokenWire:
        return
    assert not isinstance(got, pd.DataFrame) or repr(got)
