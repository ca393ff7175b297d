"""Week 1 · ETL basics: from shop files to one clean table

Every night Sao Mai's branches upload their orders as CSV, and the app a JSON export. Files come twice, late,
in any order, and dirty. Finance wants one SQLite table that is right whatever happened to the files, and a
list of everything that was refused.

Words of this exercise (more of them in week1/README.md):
- Money is a whole number of dong. Times are aware datetimes in UTC; the shops' clock is UTC+7 all year.
- *Missing* is None, NaN or text with nothing but blanks. *Blanks* are what `str.strip` removes.
- A *record* is one order in a file. Its number starts at 1 and counts every record of its file, refused
  ones too.
- A *reject* is {"source": file name, "record": its number, "reason": str, "raw": str}. The reason starts with
  the name of the faulty field and a colon: "amount: '12k' is no amount". `raw` holds the record as JSON, as
  it came.
- File names are unique: no two files of Sao Mai have the same one. No function changes what it is given.
- Rows and rejects may come out in any order.

Files to try things on are in week1/data. Run: pytest week1/exercises/etl_basic.py
"""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pandas as pd

# The columns of every frame here. In a raw frame all are text (dtype `str`), but for record (`int64`).
RAW = [
    "order_id",
    "ordered_at",
    "updated_at",
    "customer_id",
    "district",
    "status",
    "amount",
    "source",  # the name of the file: "orders_hanoi.csv"
    "record",  # the number of the record in its file
]
STATUSES = ["placed", "paid", "shipped", "cancelled"]
SHOP_CLOCK = timezone(timedelta(hours=7))


def extract_csv(path: Path) -> tuple[pd.DataFrame, list[dict]]:
    """Read one branch's file: a raw frame with the columns RAW, and the rejects.

    The file is comma-separated UTF-8, with or without a byte order mark (BOM); lines end with \\n or \\r\\n.
    The first record is the header: names with or without outer blanks, in any order (case counts); columns
    that nobody asked for are ignored.

    Text stays as it stands in the file: "NA", "null", "007", " x ". Only an empty cell is missing. Commas and
    line breaks in double quotes are content, so a record may have several lines. Lines that are empty or hold
    only blanks are no records (a line of commas is one). A file with only a header gives an empty frame,
    dtypes as ever.

    A record with more or fewer fields than the header is a reject "fields: …"; raw is the JSON array of its
    fields.

    Raises FileNotFoundError; ValueError naming the file and the columns if any of the first seven of RAW is
    missing or there twice (an empty file misses all seven); ValueError naming the file if it is not UTF-8,
    holds a NUL character, or ends inside double quotes (it was cut off).

    >>> frame, rejects = extract_csv(Path("week1/data/orders_danang.csv"))
    >>> len(frame), len(rejects), rejects[0]["reason"].partition(":")[0]
    (79, 1, 'fields')
    >>> frame["amount"][0]
    '67000'
    """
    raise NotImplementedError("week1/exercises/etl_basic.py: extract_csv")


def extract_json(path: Path) -> tuple[pd.DataFrame, list[dict]]:
    """Read one export of the app: a raw frame as `extract_csv` gives it, and the rejects.

    The file is UTF-8, with or without a byte order mark, and holds one object (other keys are ignored):

        {"orders": [{"id": "APP-000001", "created": "2026-01-01T13:57:49Z", "updated": "2026-01-02T13:45:53Z",
                     "status": "shipped", "total": 118000,
                     "customer": {"id": "C01055", "address": {"district": "Bình Thạnh"}}}]}

    id, created, updated, customer.id, customer.address.district, status, total become the first seven of RAW.
    What is absent, null or "" is a missing cell, at every level: "customer": null leaves customer_id and
    district missing.

    Every value is text and comes out as it stands, but total may be a whole number too: it becomes its exact
    text, also beyond 64 bits. Everything else is a reject that names the first faulty column in the order of
    RAW: a value of any other type (true, 1.5, 2.0, NaN, a list; a number where text belongs), a customer that
    is no object ("customer_id: …"), an address that is none ("district: …"), and text that no database takes:
    with a NUL character ("\\u0000") or with half of a surrogate pair ("\\ud83d"). An element of orders that
    is no object is a reject "order: …". raw is json.dumps(the element). The last of two equal keys counts, as
    in json.loads.

    Raises FileNotFoundError; ValueError naming the file if it is cut off, no JSON, not UTF-8, or has no list
    "orders".
    """
    raise NotImplementedError("week1/exercises/etl_basic.py: extract_json")


def parse_amount(text: str) -> int:
    """Read an amount in dong as people in Vietnam write it.

    Digits 0 to 9, or one to three of them and then groups of a dot and three digits; after that, with or
    without blanks between, one of đ, ₫, VND in upper or lower case, or nothing. Outer blanks do not matter.

    Raises ValueError quoting the text for everything else: a sign, "150.5", "1.50.000", "1,250,000", "1e6",
    "1_000", "12k", no digits, digits of other scripts; also for more than 2**63 - 1, which no database column
    holds.

    >>> parse_amount("150.000"), parse_amount("1.250.000 đ"), parse_amount("1250000VND"), parse_amount("0")
    (150000, 1250000, 1250000, 0)
    """
    raise NotImplementedError("week1/exercises/etl_basic.py: parse_amount")


def parse_time(text: str) -> datetime:
    """Read a time in one of the two forms that the files may have; return it in UTC (aware).

    - ISO 8601 `YYYY-MM-DDTHH:MM:SS` and then `Z` or an offset `+HH:MM` or `-HH:MM` (up to 23:59),
    - what the shops write, on their own clock (SHOP_CLOCK): `DD/MM/YYYY HH:MM` or `DD/MM/YYYY HH:MM:SS`.

    Y, M, D, H, S stand for one digit 0 to 9, T for itself; hours are 00 to 23. Outer blanks do not matter.

    Raises ValueError for everything else: an ISO time without offset (which clock was it?), days that do not
    exist (31/02/2026, 2026-02-30), hour 24, an offset of 24 hours, fractions of a second, a blank in place of
    T, digits of other scripts, a time outside the years 1 to 9999 in UTC.

    >>> parse_time("01/03/2026 02:00")
    datetime.datetime(2026, 2, 28, 19, 0, tzinfo=datetime.timezone.utc)
    >>> parse_time("2026-03-01T02:00:00+07:00") == parse_time("2026-02-28T19:00:00Z")
    True
    """
    raise NotImplementedError("week1/exercises/etl_basic.py: parse_time")


def transform(raw: pd.DataFrame) -> tuple[pd.DataFrame, list[dict], int]:
    """Turn raw rows, of one file or of several, into clean rows, rejects, and the number of duplicates.

    The clean frame has the columns RAW: ordered_at and updated_at `datetime64[us, UTC]`, amount and record
    `int64`, the others `str`, also if there are no rows. Text is trimmed (outer blanks go). status is
    case-folded ("PAID" is paid) and one of STATUSES. Times and amounts are read by parse_time and
    parse_amount. customer_id and district may be missing (NaN in the clean frame, also if they were blank),
    nothing else may.

    A row that breaks a rule is one reject, however many rules it breaks: it names the first faulty field in
    the order of RAW. An updated_at that is before ordered_at is a fault of updated_at; equal is fine. raw is
    a JSON object of the first seven of RAW, untrimmed, missing as null. (source, record) are the row's own.

    Of several good rows with one order_id the one with the greatest (updated_at, source, record) is clean,
    the others are duplicates. So len(raw) = len(clean) + len(rejects) + duplicates.
    """
    raise NotImplementedError("week1/exercises/etl_basic.py: transform")


def load(db: Path, clean: pd.DataFrame) -> dict[str, int]:
    """Merge clean rows into the table `orders` of the SQLite file `db`; return what happened to them.

    The file and the table may not exist yet. `orders` has the columns RAW; times are text
    `2026-02-28T19:00:00Z`, amount and record integers, a missing customer_id or district is NULL. In `clean`
    an order_id comes once. Returns {"inserted": int, "updated": int, "unchanged": int}.

    An order that is not stored yet is inserted. A stored one is updated (all columns) only if the new row has
    a greater (updated_at, source, record); else it is unchanged. So files may come late and twice.

    Whoever writes to the table, the database itself refuses: a second row of an order_id; NULL in any column
    but customer_id and district (in SQLite a TEXT PRIMARY KEY alone allows NULL); a status not in STATUSES;
    an amount that is negative or no integer, such as 1.5 or 'many' ('12', which SQLite turns into an integer,
    is up to you).

    All or nothing: if the database refuses a row, raises ValueError naming its order_id, and the stored
    orders are as before. Connections are closed on return.
    """
    raise NotImplementedError("week1/exercises/etl_basic.py: load")


def run(sources: list[Path], db: Path) -> dict:
    """Extract the files, transform all their rows together, load; return what happened.

    Files are told apart by suffix: .csv or .json, in upper or lower case. A path that comes twice is read
    once. A file that cannot be read (missing, broken, any other suffix) does not stop the others; it is
    listed as failed.

    Returns {"read": int, "loaded": int, "duplicates": int, "rejected": int, "failed": {file name: reason}}:
    loaded = clean rows of this call (also if the table had them), rejected = rejects of extraction and
    transformation, read = loaded + duplicates + rejected. Nothing of a failed file is counted.

    The table `rejects` (source, record, reason, raw; primary key source and record) holds for each file the
    rejects of the last call that could read it: those of other files stay, those of a file sent again are
    replaced, and a failed file changes nothing. Both tables exist afterwards, also if there was nothing to
    load.

    Orders and rejects are committed together: if the database refuses to write either, the error goes out,
    and both tables are as before.

    For the three files of orders in week1/data and a new database:
    {"read": 300, "loaded": 262, "duplicates": 13, "rejected": 25, "failed": {}}
    """
    raise NotImplementedError("week1/exercises/etl_basic.py: run")
