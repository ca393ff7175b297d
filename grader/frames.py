"""pandas frames on the wire: the cells as Arrow's plain buffers, our own list for column names and dtypes.

Not Arrow's own file format: it can compress, repeat and point elsewhere, and a small message could grow without end.
The dtypes are a closed set. The index does not count.
"""

from __future__ import annotations

import datetime
import decimal
import re
from typing import TYPE_CHECKING, Any

import msgpack

from grader.numbers import check_decimal, read_decimal, spread

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NUMPY = {
    "bool",
    "float32",
    "float64",
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
}
MASKED = {
    "boolean",
    "Float32",
    "Float64",
    *(f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)),
}
TEXT = {"str", "string"}
TIME = re.compile(r"(datetime64|timedelta64)\[(s|ms|us|ns)(?:, ([\w/:+-]{1,40}))?\]")
OBJECT = {"object[date]": datetime.date, "object[decimal]": decimal.Decimal, "object[empty]": type(None)}


MOST_ROWS = 10_000_000
MOST_COLUMNS = 1_000
MOST_CELLS = 10_000_000
MOST_HEAD = 1024 * 1024
OBJECT_WEIGHS = 10
"""A cell that becomes an object of Python counts as so many; a missing one needs no byte on the wire at all."""


class UnfitFrame(Exception):
    """A frame that may not cross; the text says which column and why."""


def encode(frame: pd.DataFrame) -> bytes:
    """Raises UnfitFrame for a column name that is no text, a dtype outside the set, or mixed objects."""

    names = list(frame.columns)
    if len(names) > MOST_COLUMNS or len(frame) > MOST_ROWS:
        raise UnfitFrame(f"{len(frame):,} rows and {len(names):,} columns")
    for name in names:
        if not _is_name(name):
            raise UnfitFrame(f"a column name {name!r} that is no text")
    columns = [frame.iloc[:, place] for place in range(len(names))]
    dtypes = [_dtype(name, column) for name, column in zip(names, columns, strict=True)]
    if weight(dtypes, len(frame)) > MOST_CELLS:
        raise UnfitFrame(f"{len(frame):,} rows and {len(names):,} columns")
    arrays = [_array(name, column, dtype) for name, column, dtype in zip(names, columns, dtypes, strict=True)]
    bodies = [_buffers(array) for array in arrays]
    sizes = [[None if part is None else part.size for part in body] for body in bodies]
    head: bytes = msgpack.packb([names, dtypes, len(frame), sizes], unicode_errors="surrogatepass")
    parts = [memoryview(part) for body in bodies for part in body if part is not None]
    return b"".join([len(head).to_bytes(4, "big"), head, *parts])


def weight(dtypes: list[str], rows: int) -> int:
    """What a frame takes in memory, in cells."""
    return rows * sum(OBJECT_WEIGHS if dtype in OBJECT else 1 for dtype in dtypes)


def _buffers(array: pa.Array | pa.ChunkedArray) -> list[pa.Buffer | None]:
    """The memory of a column as Arrow lays it out: validity, (offsets,) values; from its beginning, in one piece."""
    import pyarrow as pa

    whole = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    if whole.offset:
        whole = pa.concat_arrays([whole, whole.slice(0, 0)])
    return list(whole.buffers())


def _is_name(name: object) -> bool:
    return type(name) is str or (type(name) is int and -(2**63) <= name < 2**64)


def _dtype(name: object, column: pd.Series[Any]) -> str:
    dtype = str(column.dtype)
    if dtype in NUMPY | MASKED | TEXT or TIME.fullmatch(dtype):
        return dtype
    if dtype != "object":
        raise UnfitFrame(f"column {name!r} with dtype {dtype}")
    kinds = {type(cell) for cell in column[column.notna()]}
    for known, kind in OBJECT.items():
        if kinds == {kind} or (not kinds and known == "object[empty]"):
            return known
    found = " and ".join(sorted(kind.__name__ for kind in kinds))
    raise UnfitFrame(f"column {name!r} with dtype object that holds {found}")


def _array(name: object, column: pd.Series[Any], dtype: str) -> pa.Array | pa.ChunkedArray:
    import pyarrow as pa

    try:
        if dtype in NUMPY:
            return pa.array(column.to_numpy(), from_pandas=False)
        if dtype == "object[empty]":
            return pa.nulls(len(column))
        if dtype == "object[decimal]":  # as text: Arrow would give all of them the same number of places
            cells = zip(column, column.isna(), strict=True)
            return pa.array([None if missing else check_decimal(cell) for cell, missing in cells], pa.large_string())
        if dtype.startswith("object"):
            return pa.array(column.to_list(), from_pandas=True)
        return pa.array(column.array, type=pa.large_string() if dtype in TEXT else None)
    except (pa.ArrowException, UnicodeEncodeError, ValueError, OverflowError) as error:
        raise UnfitFrame(f"column {name!r} that Arrow cannot hold ({error})") from None


def decode(data: bytes, cells_before: int = 0) -> pd.DataFrame:
    """The frame again, with a plain index; ValueError if the bytes are not what `encode` makes, or there are too many
    cells, those of other frames in the same message included."""
    import pandas as pd
    import pyarrow as pa

    size = 4 + int.from_bytes(data[:4], "big")
    if size > MOST_HEAD:
        raise ValueError("a frame whose parts do not fit")
    names, dtypes, rows, sizes = msgpack.unpackb(data[4:size], unicode_errors="surrogatepass")
    if not (len(names) == len(dtypes) == len(sizes) <= MOST_COLUMNS and 0 <= rows <= MOST_ROWS):
        raise ValueError("a frame whose parts do not fit")
    if cells_before + weight(dtypes, rows) > MOST_CELLS:
        raise ValueError("a frame of too many cells")
    if not all(map(_is_name, names)):
        raise ValueError("a frame with column names that are no text")
    body, arrays = pa.py_buffer(memoryview(data)[size:]), []
    for dtype, parts in zip(dtypes, sizes, strict=True):
        taken = sum(part for part in parts if part is not None)
        arrays.append(_arrow(dtype, rows, parts, body))
        body = body.slice(taken)
    if body.size:
        raise ValueError("a frame with bytes too many")
    columns = [_column(pa.chunked_array([array]), dtype) for array, dtype in zip(arrays, dtypes, strict=True)]
    frame = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(rows), copy=False)
    if names:
        frame.columns = pd.Index(names)
    return frame


def _arrow(dtype: str, rows: int, sizes: list[int | None], body: pa.Buffer) -> pa.Array:
    """A column from its buffers. Its type follows from the dtype alone, so there is nothing to unpack or to expand."""
    import pyarrow as pa

    kind, parts, start = _kind(dtype), [], 0
    for size in sizes:
        if size is not None and not 0 <= size <= body.size - start:
            raise ValueError("a column longer than its frame")
        parts.append(None if size is None else body.slice(start, size))
        start += size or 0
    if len(parts) != kind.num_buffers:
        raise ValueError(f"a column of {dtype} in {len(parts)} parts")
    array = pa.Array.from_buffers(kind, rows, parts)
    array.validate(full=True)
    return array


def _kind(dtype: str) -> pa.DataType:
    """The Arrow type that goes with a dtype of the closed set."""
    import numpy as np
    import pyarrow as pa

    if dtype in OBJECT:
        return {"object[date]": pa.date32(), "object[decimal]": pa.large_string(), "object[empty]": pa.null()}[dtype]
    if dtype in TEXT:
        return pa.large_string()
    if dtype in NUMPY:
        return pa.from_numpy_dtype(np.dtype(dtype))
    if dtype in MASKED:
        return pa.bool_() if dtype == "boolean" else pa.from_numpy_dtype(np.dtype(dtype.lower()))
    if found := TIME.fullmatch(dtype):
        zone = found[3] and re.sub(r"^UTC(?=[+-])", "", found[3])  # Arrow's name for pandas' UTC+07:00 is +07:00
        return pa.timestamp(found[2], zone) if found[1] == "datetime64" else pa.duration(found[2])
    raise ValueError(f"a column of an unknown dtype {dtype!r}")


def _column(cells: pa.ChunkedArray, dtype: str) -> Any:
    """A column as a writable pandas or numpy array; the Arrow type must be the one that goes with the dtype."""
    import pandas as pd
    import pyarrow as pa

    if dtype in OBJECT:
        return _objects(cells, dtype)
    if dtype in TEXT:
        if cells.type != pa.large_string():
            raise ValueError(f"a column of {cells.type} that calls itself {dtype}")
        return pd.array(cells, dtype=pd.StringDtype("pyarrow", na_value=float("nan")) if dtype == "str" else "string")
    if dtype in NUMPY:
        return _numbers(cells, dtype)
    if dtype in MASKED:
        known: Any = pd.api.types.pandas_dtype(dtype)
        if cells.type != pa.from_numpy_dtype(known.numpy_dtype):
            raise ValueError(f"a column of {cells.type} that calls itself {dtype}")
        return known.__from_arrow__(cells)
    if TIME.fullmatch(dtype) and (pa.types.is_timestamp(cells.type) or pa.types.is_duration(cells.type)):
        moments = cells.to_pandas().array
        if str(moments.dtype) == dtype:
            return moments.copy()  # Arrow's own memory cannot be written to
    raise ValueError(f"a column of {cells.type} that calls itself {dtype}")


def _numbers(cells: pa.ChunkedArray, dtype: str) -> Any:
    import numpy as np
    import pyarrow as pa

    if cells.null_count or cells.type != pa.from_numpy_dtype(np.dtype(dtype)):
        raise ValueError(f"a column of {cells.type} that calls itself {dtype}")
    return np.array(cells.combine_chunks().to_numpy(zero_copy_only=False), dtype=dtype, copy=True)


def _objects(cells: pa.ChunkedArray, dtype: str) -> Any:
    import numpy as np
    import pyarrow as pa

    known = {"object[date]": pa.date32(), "object[decimal]": pa.large_string(), "object[empty]": pa.null()}
    if cells.type != known[dtype]:
        raise ValueError(f"a column of {cells.type} that calls itself {dtype}")
    values = cells.to_pylist()
    if dtype == "object[decimal]":
        known_texts = {text: read_decimal(text) for text in set(values) if text is not None}
        if not spread(known_texts.values()):
            raise ValueError("a column of values that collide")
        values = [value if value is None else known_texts[value] for value in values]
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
