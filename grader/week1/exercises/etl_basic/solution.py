"""A model answer: small steps, rejects instead of guesses, one transaction."""

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd

RAW = ["order_id", "ordered_at", "updated_at", "customer_id", "district", "status", "amount", "source", "record"]
TEXT = RAW[:7]
STATUSES = ["placed", "paid", "shipped", "cancelled"]
SHOP_CLOCK = timezone(timedelta(hours=7))

RAW_TYPES = dict.fromkeys(RAW, "str") | {"record": "int64"}
CLEAN_TYPES = RAW_TYPES | {"ordered_at": "datetime64[us, UTC]", "updated_at": "datetime64[us, UTC]", "amount": "int64"}

AMOUNT = re.compile(r"([0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)\s*(?:đ|₫|VND)?", re.IGNORECASE)
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
ISO_TIME = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{CLOCK}:[0-5][0-9](?:Z|[+-]{CLOCK})")
SHOP_TIME = re.compile(rf"([0-9]{{2}})/([0-9]{{2}})/([0-9]{{4}}) ({CLOCK}(?::[0-5][0-9])?)")

UNSTORABLE = re.compile("[\0\ud800-\udfff]")

TABLES = (
    """
    CREATE TABLE IF NOT EXISTS orders (
        order_id TEXT NOT NULL PRIMARY KEY,
        ordered_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        customer_id TEXT,
        district TEXT,
        status TEXT NOT NULL CHECK (status IN ('placed', 'paid', 'shipped', 'cancelled')),
        amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount >= 0),
        source TEXT NOT NULL,
        record INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS rejects (
        source TEXT NOT NULL,
        record INTEGER NOT NULL,
        reason TEXT NOT NULL,
        raw TEXT NOT NULL,
        PRIMARY KEY (source, record)
    )
    """,
)
# The rule of the merge is one comparison, so it cannot depend on the order in which files arrive.
MERGE = """
    INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (order_id) DO UPDATE SET
        ordered_at = excluded.ordered_at, updated_at = excluded.updated_at, customer_id = excluded.customer_id,
        district = excluded.district, status = excluded.status, amount = excluded.amount,
        source = excluded.source, record = excluded.record
    WHERE (excluded.updated_at, excluded.source, excluded.record) > (orders.updated_at, orders.source, orders.record)
"""


def extract_csv(path: Path) -> tuple[pd.DataFrame, list[dict]]:
    header, *records = _csv_records(path) or [[]]
    places = _places(path, [name.strip() for name in header])
    good, rejects = [], []
    for number, fields in enumerate(records, 1):
        if len(fields) == len(header):
            good.append([*[fields[place] or None for place in places], path.name, number])
        else:
            reason = f"fields: {len(fields)} instead of {len(header)}"
            rejects.append(_reject(path.name, number, reason, fields))
    return _frame(good, RAW_TYPES), rejects


def _csv_records(path: Path) -> list[list[str]]:
    """All records, the header too, without blank lines."""
    try:
        text = _text_of(path)
        # Not strict, the reader would take a file that ends inside quotes for a whole one.
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        return [fields for fields in reader if len(fields) > 1 or "".join(fields).strip()]
    except csv.Error as error:
        raise ValueError(f"{path.name}: {error}") from error


def _text_of(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name} is not UTF-8: {error}") from error
    if "\0" in text:
        raise ValueError(f"{path.name} has a NUL character in it")
    return text


def _places(path: Path, header: list[str]) -> list[int]:
    """Where in a record the columns are."""
    wrong = [name for name in TEXT if header.count(name) != 1]
    if wrong:
        raise ValueError(f"{path.name}: these columns are missing or repeated: {', '.join(wrong)}")
    return [header.index(name) for name in TEXT]


def _reject(source: str, record: int, reason: str, content: object) -> dict:
    return {"source": source, "record": record, "reason": reason, "raw": json.dumps(content)}


def _frame(cells: list[list] | dict[str, list], types: dict[str, str]) -> pd.DataFrame:
    """A frame of rows or of columns; without explicit types an empty one would have none."""
    return pd.DataFrame(cells, columns=RAW, dtype=object).astype(types)


def extract_json(path: Path) -> tuple[pd.DataFrame, list[dict]]:
    good, rejects = [], []
    for number, element in enumerate(_elements(path), 1):
        try:
            good.append([*_cells(element), path.name, number])
        except ValueError as error:
            rejects.append(_reject(path.name, number, str(error), element))
    return _frame(good, RAW_TYPES), rejects


def _elements(path: Path) -> list:
    text = _text_of(path)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path.name} is no JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("orders"), list):
        raise ValueError(f'{path.name} has no list "orders"')
    return document["orders"]


def _cells(element: object) -> list[str | None]:
    """The cells of the first seven columns, in their order: so the first fault is the one that is reported."""
    order = _object("order", element)
    cells = [_leaf("order_id", order, "id"), _leaf("ordered_at", order, "created")]
    cells.append(_leaf("updated_at", order, "updated"))
    customer = _object("customer_id", order.get("customer", {}))
    cells.append(_leaf("customer_id", customer, "id"))
    address = _object("district", customer.get("address", {}))
    cells.append(_leaf("district", address, "district"))
    return [*cells, _leaf("status", order, "status"), _leaf("amount", order, "total")]


def _object(column: str, part: object) -> dict:
    if part is None and column != "order":
        return {}
    if not isinstance(part, dict):
        raise ValueError(f"{column}: an object should be here, not {part!r}")
    return part


def _leaf(column: str, parent: dict, key: str) -> str | None:
    value = parent.get(key)
    if column == "amount" and type(value) is int:  # not isinstance: True is an int too
        return str(value)
    if not isinstance(value, str | None):
        raise ValueError(f"{column}: text should be here, not {value!r}")
    if value and UNSTORABLE.search(value):
        raise ValueError(f"{column}: {value!r} cannot be stored")
    return value or None


def parse_amount(text: str) -> int:
    found = AMOUNT.fullmatch(text.strip())
    digits = found[1].replace(".", "").lstrip("0") if found else ""
    if not found or len(digits) > 19 or int(digits or 0) >= 2**63:
        raise ValueError(f"{text!r} is no amount in dong")
    return int(digits or 0)


def parse_time(text: str) -> datetime:
    try:
        return _moment(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no time: {error}") from error


def _moment(text: str) -> datetime:
    """An aware time. The pattern comes first: fromisoformat takes much more than the files may have."""
    if ISO_TIME.fullmatch(text):
        return datetime.fromisoformat(text)
    if found := SHOP_TIME.fullmatch(text):
        day, month, year, clock = found.groups()
        return datetime.fromisoformat(f"{year}-{month}-{day}T{clock}").replace(tzinfo=SHOP_CLOCK)
    raise ValueError("neither ISO 8601 with an offset nor DD/MM/YYYY HH:MM")


def transform(raw: pd.DataFrame) -> tuple[pd.DataFrame, list[dict], int]:
    columns = {name: raw[name].tolist() for name in RAW}
    parsed = columns | {name: _parsed(columns[name], parse) for name, parse in PARSERS.items()}
    parsed["updated_at"] = list(map(_not_before, parsed["ordered_at"], parsed["updated_at"]))
    faults = _first_faults(parsed)
    rejects = [_refuse(columns, row, reason) for row, reason in faults.items()]
    good = [row for row in range(len(raw)) if row not in faults]
    versions = _frame({name: [cells[row] for row in good] for name, cells in parsed.items()}, CLEAN_TYPES)
    by_version = versions.sort_values(["order_id", "updated_at", "source", "record"])
    clean = by_version.drop_duplicates("order_id", keep="last")
    return clean, rejects, len(versions) - len(clean)


def _parsed(cells: list, parse: Callable[[str], object]) -> list:
    """What the cells mean; in place of a faulty one the error. A text is parsed once, however often it comes."""
    known = {cell: _value_or_error(cell, parse) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _value_or_error(cell: object, parse: Callable[[str], object]) -> object:
    try:
        return parse(cell.strip() if isinstance(cell, str) else "")
    except ValueError as error:
        return error


def _not_before(ordered_at: object, updated_at: object) -> object:
    if isinstance(ordered_at, datetime) and isinstance(updated_at, datetime) and updated_at < ordered_at:
        return ValueError(f"{updated_at} is before the order of {ordered_at}")
    return updated_at


def _first_faults(parsed: dict[str, list]) -> dict[int, str]:
    """row -> its first faulty field and why; the columns come in the order of RAW."""
    faults: dict[int, str] = {}
    for name, cells in parsed.items():
        for row, cell in enumerate(cells):
            if isinstance(cell, ValueError):
                faults.setdefault(row, f"{name}: {cell}")
    return faults


def _refuse(columns: dict[str, list], row: int, reason: str) -> dict:
    cells = {name: columns[name][row] for name in TEXT}
    content = {name: cell if isinstance(cell, str) else None for name, cell in cells.items()}
    return _reject(columns["source"][row], columns["record"][row], reason, content)


def _required(text: str) -> str:
    if not text:
        raise ValueError("missing")
    return text


def _optional(text: str) -> str | None:
    return text or None


def _status(text: str) -> str:
    if text.casefold() not in STATUSES:
        raise ValueError(f"{text!r} is none of {', '.join(STATUSES)}")
    return text.casefold()


PARSERS = {
    "order_id": _required,
    "ordered_at": parse_time,
    "updated_at": parse_time,
    "customer_id": _optional,
    "district": _optional,
    "status": _status,
    "amount": parse_amount,
}


def load(db: Path, clean: pd.DataFrame) -> dict[str, int]:
    with _transaction(db) as connection:
        return _merge(connection, clean)


@contextmanager
def _transaction(db: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a database with both tables: commits at the end, or rolls back after an error; closes."""
    with closing(sqlite3.connect(db)) as connection:
        for table in TABLES:
            connection.execute(table)
        with connection:
            yield connection


def _merge(connection: sqlite3.Connection, clean: pd.DataFrame) -> dict[str, int]:
    before = _count(connection)
    written = 0
    for row in _rows(clean):
        try:
            written += connection.execute(MERGE, row).rowcount
        except sqlite3.IntegrityError as error:
            raise ValueError(f"order {row[0]}: {error}") from error
    inserted = _count(connection) - before
    return {"inserted": inserted, "updated": written - inserted, "unchanged": len(clean) - written}


def _count(connection: sqlite3.Connection) -> int:
    return connection.execute("SELECT count(*) FROM orders").fetchone()[0]


def _rows(clean: pd.DataFrame) -> Iterable[tuple]:
    return zip(*(_stored(clean[name]) for name in RAW), strict=True)


def _stored(column: pd.Series) -> list:
    """The cells as SQLite takes them: times as text, missing as None."""
    if column.dtype.kind == "M":
        seconds = column.dt.tz_convert(None).to_numpy("datetime64[s]")
        return [f"{second}Z" for second in seconds.astype(str)]
    return column.astype(object).where(column.notna(), None).tolist()


def run(sources: list[Path], db: Path) -> dict:
    frames, rejects, failed = {}, [], {}
    for path in dict.fromkeys(sources):
        try:
            frames[path.name], refused = _extract(path)
        except (OSError, ValueError) as error:
            failed[path.name] = str(error)
        else:
            rejects += refused
    clean, refused, duplicates = transform(pd.concat([_frame([], RAW_TYPES), *frames.values()]))
    rejects += refused
    with _transaction(db) as connection:
        _merge(connection, clean)
        _replace_rejects(connection, frames, rejects)
    counts = {"loaded": len(clean), "duplicates": duplicates, "rejected": len(rejects)}
    return {"read": sum(counts.values()), **counts, "failed": failed}


def _extract(path: Path) -> tuple[pd.DataFrame, list[dict]]:
    readers = {".csv": extract_csv, ".json": extract_json}
    if path.suffix.lower() not in readers:
        raise ValueError(f"{path.name} is neither .csv nor .json")
    return readers[path.suffix.lower()](path)


def _replace_rejects(connection: sqlite3.Connection, sources: Iterable[str], rejects: list[dict]) -> None:
    connection.executemany("DELETE FROM rejects WHERE source = ?", [(source,) for source in sources])
    connection.executemany("INSERT INTO rejects VALUES (:source, :record, :reason, :raw)", rejects)
