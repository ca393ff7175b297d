"""Week 1 · Data quality: profile, measure, report.

The board of Sao Mai asks: "Can we trust the numbers?" You answer with a profile of every table, seven scores
every night, and a report that never looks better than the data.

The frames of this exercise have columns of these dtypes only: int64, Int64, float64, str, bool and
datetime64[us, UTC], also where all cells are missing. Money is whole dong. In this exercise a *missing* cell
is null (None, NaN, NaT, <NA>), a *blank* cell is text of which strip() leaves nothing, and the two are told
apart. 0 and False are values. Numbers are never infinite.

What you get (frames, lists, dicts) stays unchanged. What you return holds plain Python values: int, float,
str, bool, aware datetime in UTC, None; no numpy scalar, no pandas Timestamp, no NaN. Keys of a dict may come
in any order unless the docstring gives one. Floats may be off by a relative error of 1e-9 unless the
docstring allows more.

Run: pytest week1/exercises/data_quality.py
"""

from datetime import datetime

import pandas as pd

STATUSES = ("placed", "paid", "shipped", "cancelled")
COMPLETE = ("order_id", "customer_id", "ordered_at", "status", "amount")


def profile(frame: pd.DataFrame) -> dict[str, dict]:
    """Describe every column of a table.

    Returns {column: description}, the columns in the order of the frame. A *value* is a cell that is not
    missing. A description has these keys:

    - ``kind``: "number" (int64, Int64, float64), "text" (str), "time" (datetime64) or "bool", by the dtype
      alone.
    - ``rows``: number of rows of the frame.
    - ``missing``: number of missing cells.
    - ``blank``: number of blank texts; 0 if the column is no text. A blank is not missing: it is a value
      like any other for distinct, min, max and top.
    - ``distinct``: number of different values.
    - ``min``, ``max``: the smallest and the greatest value, for every kind. Text is ordered as Python orders
      str, False is before True. An integer column gives int, a float column float, a time column datetime.
    - ``mean``, ``sd``: of the values, as floats, for numbers only, else None. sd is the standard deviation of
      the population (divide by n), so one value has the sd 0.0. Amounts near 1 000 000 000 dong that differ
      by 1 must keep their sd (here a relative error of 1e-5 is all right).
    - ``top``: the up to five most frequent values as lists [value, count], by count (highest first), values
      of equal count in ascending order. The values have the types of min and max.
    - ``looks_like``: for text "int" or "date" if at least 95 % of the texts that are neither missing nor
      blank are such, else None (also if there are no such texts); for other kinds None. An int is ASCII
      digits only, "0" or without leading zero ("007" is a code, "-5" and " 5 " are no ints here). A date is a
      real day written YYYY-MM-DD with ASCII digits ("2026-02-30" and "2026-W09-7" are none; "20260301" is an
      int).

    A column without values (no rows, or all cells missing) has min, max, mean, sd and looks_like None, and
    top []. A frame without columns gives {}.

    >>> amount = profile(pd.DataFrame({"amount": [150000, 90000, 150000]}))["amount"]
    >>> amount["kind"], amount["mean"], amount["top"]
    ('number', 130000.0, [[150000, 2], [90000, 1]])
    """
    raise NotImplementedError("week1/exercises/data_quality.py: profile")


def summarise(values: list[float | None]) -> dict:
    """Summarise one part of a column, so that the summaries of all parts can be merged later.

    None and NaN are missing. The result has these keys:

    - ``count``: number of values that are not missing; ``missing``: number of those that are. Below, only the
      former are values.
    - ``mean``: float; ``m2``: float, the sum of the squared deviations from the mean.
    - ``min``, ``max``: the smallest and the greatest value.

    Without any value, mean and m2 are 0.0, min and max are None.

    The variance is m2 / count. "Mean of the squares minus square of the mean" is the same only on paper: for
    a thousand amounts, 1e9 and 1e9 + 1 in turn, numpy gives -256 in that way instead of 0.25. Your m2 must be
    right for values near 1e9 that differ by 1 (there a relative error of 1e-5 is all right).

    >>> summarise([2.0, None, 4.0])
    {'count': 2, 'missing': 1, 'mean': 3.0, 'm2': 2.0, 'min': 2.0, 'max': 4.0}
    """
    raise NotImplementedError("week1/exercises/data_quality.py: summarise")


def merge(a: dict, b: dict) -> dict:
    """Merge two summaries, as made by summarise, without looking at the values again.

    merge(summarise(x), summarise(y)) is summarise(x + y). Parts may be merged in any order and grouping, and
    may differ in size. A summary without values may stand on either side or on both and changes nothing;
    its missing values are counted all the same. The result is a new dict with the same keys and types.

    As for summarise: m2 must be right for values near 1e9 that differ by 1 (relative error up to 1e-5).

    >>> merge(summarise([2.0, 4.0]), summarise([9.0, None]))
    {'count': 3, 'missing': 1, 'mean': 5.0, 'm2': 26.0, 'min': 2.0, 'max': 9.0}
    """
    raise NotImplementedError("week1/exercises/data_quality.py: merge")


def dimensions(
    orders: pd.DataFrame, customers: pd.DataFrame, payments: pd.DataFrame, as_of: datetime
) -> dict[str, dict]:
    """Score last night's tables in seven dimensions, and say how fresh they are.

    - ``orders``: order_id, customer_id, status (str), ordered_at, loaded_at (datetime64[us, UTC]),
      items_total, shipping, amount (Int64, dong). Any cell may be missing, any text blank.
    - ``customers``: customer_id (str), never missing or blank, each once.
    - ``payments``: order_id (str, may be missing or blank), amount (int64, dong, never missing). An order may
      have several payments; a refund is a payment with a negative amount.

    The frames may have more columns, the columns any order, and each frame may have no rows.

    Every row of orders is judged by itself. A dimension checks only the rows that *have* all the cells that
    it needs; here a cell that is missing or blank is not there. Text is compared as it stands, so "Paid" is
    not "paid".

    - ``completeness`` checks the cells of the columns COMPLETE, five in each row: is the cell there?
    - ``uniqueness`` checks the rows with order_id: is it the first row of its order_id?
    - ``validity`` checks the rows with status and amount: is the status one of STATUSES, and amount >= 0?
    - ``consistency`` checks the rows with items_total, shipping and amount:
      is amount = items_total + shipping?
    - ``integrity`` checks the rows with customer_id: does this customer exist in customers?
    - ``accuracy`` checks the rows with order_id and amount, whose status is "paid" or "shipped", and whose
      order_id has at least one payment: is amount the sum of all payments of the order_id?
    - ``timeliness`` checks the rows with ordered_at and loaded_at: is 0 <= loaded_at - ordered_at <= 24 h?

    A payment without order_id belongs to no order. There may also be payments of orders that are not in
    orders: they count nowhere. A row that repeats an order_id is checked in the other dimensions like any
    other row.

    Returns the seven dimensions in this order, each as {"score": float, "checked": int, "failed": int}:
    checked is the number of rows (for completeness: cells), failed of those that are not right, score is
    (checked - failed) / checked, or None if nothing was checked. An eighth entry "freshness" is
    {"hours": float}: as_of minus the newest ordered_at in hours (negative if that lies after as_of), or
    {"hours": None} if no row has ordered_at. as_of is an aware datetime.
    """
    raise NotImplementedError("week1/exercises/data_quality.py: dimensions")


def compare(before: dict[str, dict], after: dict[str, dict], limits: dict[str, float]) -> list[dict]:
    """Compare two profiles of one table, as made by profile, and tell what has changed too much.

    ``limits`` always has the keys "rows", "missing" and "mean". A finding is
    {"column": str, "metric": str, "before": …, "after": …}. The metrics:

    - ``column_gone``: a column of before is not in after. before is its kind, after is None.
    - ``column_new``: a column of after is not in before. before is None, after is its kind.
    - ``kind``: the kind of a column has changed. before and after are the two kinds.
    - ``missing``: the shares missing / rows of a column are further apart than limits["missing"]. before and
      after are the two shares (float). Skipped if either profile has no rows. Blank texts do not count.
    - ``mean``: the means of a column are further apart than limits["mean"] times its sd of before (so if that
      sd is 0, any other mean is a finding). before and after are the two means. Skipped if either mean is
      None.
    - ``rows``: once for the table, with column "": the number of rows has changed by more than limits["rows"]
      times the number before, up or down. From 0 rows to any number is always a finding, from 0 to 0 never.
      before and after are the numbers of rows. The number of rows is that of any column of the profile;
      skipped if either profile has no columns.

    Exactly on a limit is no finding. Columns that are in one profile only have no other findings. The other
    entries of a profile (blank, distinct, min, max, top, looks_like) and the order of the columns are not
    compared.

    Returns the findings sorted by (column, metric); [] if there are none.
    """
    raise NotImplementedError("week1/exercises/data_quality.py: compare")


def judge(scores: dict[str, float | None], limits: dict[str, dict[str, float]]) -> dict:
    """Judge scores by their limits.

    ``limits`` is {name: {"warn": x, "fail": y}}. For every name in limits: a score below fail is "fail", else
    a score below warn is "warn", else "pass"; exactly on a limit is not below it. A score that is None, NaN
    or absent is "unknown". Scores without limits are ignored.

    Returns {"verdict": the worst of all, "by": {name: its verdict, for every name in limits}}. From worst to
    best: fail, unknown, warn, pass.

    Raises ValueError naming the entry whose fail is greater than its warn (equal is fine), and ValueError if
    limits is empty: what was never judged must not pass.

    >>> judge({"validity": 0.97, "accuracy": None}, {"validity": {"warn": 0.99, "fail": 0.95}})
    {'verdict': 'warn', 'by': {'validity': 'warn'}}
    """
    raise NotImplementedError("week1/exercises/data_quality.py: judge")


def report(title: str, dims: dict[str, dict], judged: dict) -> str:
    r"""Write the nightly report in Markdown.

    ``dims`` is like the result of dimensions, ``judged`` like that of judge, but the names in them may be any
    text. A name that is only in judged["by"] is left out.

    The report is the heading ("# " and the title), a line with "Verdict: " and judged["verdict"], and one
    table. Its columns are dimension, score, checked, failed, verdict. It has one row for each entry of dims
    that has a key "score", in the order of dims (so freshness has no row); without any such entry only the
    two head lines of the table remain.

    - score: per cent with one decimal, a dot, and " %", rounded down: 0.9999 is "99.9 %", and only 1.0 is
      "100.0 %". A score of whole thousandths is not rounded: 0.011 is "1.1 %", although 0.011 * 100 * 10 is
      a little less than 11 in floats. None is "-".
    - checked and failed: the plain number, "1250".
    - verdict: that of judged["by"], or "-" if the name is not there.
    - In a name (a cell of the table) a backslash is written `\\`, a `|` is written `\|`, and a line break
      (\n, \r or \r\n) becomes one space. In the title a line break becomes one space too; nothing else in it
      is changed.

    >>> print(report("Orders", {"validity": {"score": 0.9999, "checked": 10000, "failed": 1}},
    ...              {"verdict": "pass", "by": {"validity": "pass"}}), end="")
    # Orders
    <BLANKLINE>
    Verdict: pass
    <BLANKLINE>
    | dimension | score | checked | failed | verdict |
    | --- | --- | --- | --- | --- |
    | validity | 99.9 % | 10000 | 1 | pass |

    Up to you are: blank lines between the three parts and at the end, spaces around the text of a cell, and
    the number of hyphens (and colons) in the line under the head. Each line of the table starts and ends with
    a bar. There is no other line, and no blank line inside the table.
    """
    raise NotImplementedError("week1/exercises/data_quality.py: report")
