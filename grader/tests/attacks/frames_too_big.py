"""Hands back a frame of a million rows in place of twelve: every look at it is long.

Must: the tests failed within seconds, and the grader needs less than a gigabyte for it.
Tests: test_a_missing_or_repeated_column_is_named, test_an_update_before_the_order_is_a_fault_of_updated_at
"""

import numpy as np
import pandas as pd
import pyarrow as pa

ROWS = 1_000_000
TEXT = ["order_id", "ordered_at", "updated_at", "customer_id", "district", "status", "amount", "source"]


def big(of_text: list[str]) -> dict[str, object]:
    """Columns of the right types; all text is empty."""
    nothing = [None, pa.py_buffer(bytes(8 * ROWS + 8)), pa.py_buffer(b"")]
    empty = pa.Array.from_buffers(pa.large_string(), ROWS, nothing)
    return {name: pd.array(empty, dtype="str") for name in of_text}


def extract_csv(path: object) -> tuple[pd.DataFrame, list[dict]]:
    return pd.DataFrame(big(TEXT) | {"record": np.arange(ROWS)}, copy=False), []


def transform(raw: pd.DataFrame) -> tuple[pd.DataFrame, list[dict], int]:
    frame = big([name for name in TEXT if name not in ("ordered_at", "updated_at", "amount")])
    times = pd.Series(np.zeros(ROWS, "datetime64[us]")).dt.tz_localize("UTC")
    numbers = np.arange(ROWS)
    columns = frame | {"ordered_at": times, "updated_at": times, "amount": numbers, "record": numbers}
    return pd.DataFrame({name: columns[name] for name in raw.columns}, copy=False), [], 0
