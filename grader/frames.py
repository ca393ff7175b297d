"""pandas frames on the wire: Arrow for the cells, our own list for column names and dtypes.

The dtypes are a closed set and never come from Arrow's metadata. The index does not count.
"""

from __future__ import annotations

import datetime
import decimal
import re
from typing import TYPE_CHECKING, Any

import msgpack

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


class UnfitFrame(Exception):
    """A frame that may not cross; the text says which column and why."""


def encode(frame: pd.DataFrame) -> bytes:
    """Raises UnfitFrame for a column name that is no text, a dtype outside the set, or mixed objects."""
    import pyarrow as pa

    names = list(frame.columns)
    for name in names:
        if not _is_name(name):
            raise UnfitFrame(f"a column name {name!r} that is no text")
    columns = [frame.iloc[:, place] for place in range(len(names))]
    dtypes = [_dtype(name, column) for name, column in zip(names, columns, strict=True)]
    arrays = [_array(name, column, dtype) for name, column, dtype in zip(names, columns, dtypes, strict=True)]
    table = pa.Table.from_arrays(arrays, names=[str(place) for place in range(len(names))])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    head: bytes = msgpack.packb([names, dtypes, len(frame)], unicode_errors="surrogatepass")
    return b"".join((len(head).to_bytes(4, "big"), head, memoryview(sink.getvalue())))


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
            return pa.array([None if missing else str(cell) for cell, missing in cells], pa.large_string())
        if dtype.startswith("object"):
            return pa.array(column.to_list(), from_pandas=True)
        return pa.array(column.array, type=pa.large_string() if dtype in TEXT else None)
    except (pa.ArrowException, UnicodeEncodeError, OverflowError) as error:
        raise UnfitFrame(f"column {name!r} that Arrow cannot hold ({error})") from None


def decode(data: bytes) -> pd.DataFrame:
    """The frame again, with a plain index; ValueError if the bytes are not what `encode` makes."""
    import pandas as pd
    import pyarrow as pa

    size = 4 + int.from_bytes(data[:4], "big")
    names, dtypes, rows = msgpack.unpackb(data[4:size], unicode_errors="surrogatepass")
    stream = pa.py_buffer(memoryview(data)[size:])
    with pa.ipc.open_stream(stream) as reader:
        table = reader.read_all()
    table.validate(full=True)
    if not (len(names) == len(dtypes) == table.num_columns) or (names and rows != table.num_rows):
        raise ValueError("a frame whose parts do not fit")
    columns = [_column(table.column(place), dtype) for place, dtype in enumerate(dtypes)]
    frame = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(rows), copy=False)
    if names:
        frame.columns = pd.Index(names)
    return frame


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
        values = [value if value is None else decimal.Decimal(value) for value in values]
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
