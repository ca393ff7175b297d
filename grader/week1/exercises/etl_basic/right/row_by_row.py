"""Another sound answer: plain rows, strptime behind a check of the shape, and a merge that reads before it writes."""

import csv
import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd

RAW = ["order_id", "ordered_at", "updated_at", "customer_id", "district", "status", "amount", "source", "record"]
STATUSES = ["placed", "paid", "shipped", "cancelled"]
SHOP_CLOCK = timezone(timedelta(hours=7))
PATHS = {
    "order_id": ["id"],
    "ordered_at": ["created"],
    "updated_at": ["updated"],
    "customer_id": ["customer", "id"],
    "district": ["customer", "address", "district"],
    "status": ["status"],
    "amount": ["total"],
}
SHAPES = {
    "9999-99-99T99:99:99Z": "%Y-%m-%dT%H:%M:%S%z",
    "9999-99-99T99:99:99+99:99": "%Y-%m-%dT%H:%M:%S%z",
    "9999-99-99T99:99:99-99:99": "%Y-%m-%dT%H:%M:%S%z",
    "99/99/9999 99:99": "%d/%m/%Y %H:%M",
    "99/99/9999 99:99:99": "%d/%m/%Y %H:%M:%S",
}
SCHEMA = """
    CREATE TABLE IF NOT EXISTS orders (
        order_id TEXT NOT NULL UNIQUE, ordered_at TEXT NOT NULL, updated_at TEXT NOT NULL, customer_id TEXT,
        district TEXT, status TEXT NOT NULL, amount INTEGER NOT NULL, source TEXT NOT NULL, record INTEGER NOT NULL,
        CHECK (status = 'placed' OR status = 'paid' OR status = 'shipped' OR status = 'cancelled'),
        CHECK (typeof(amount) = 'integer'), CHECK (amount >= 0)
    );
    CREATE TABLE IF NOT EXISTS rejects (
        reason TEXT, raw TEXT, record INTEGER, source TEXT, PRIMARY KEY (record, source)
    );
"""


def refusal(path, record, reason, raw):
    return {"raw": json.dumps(raw, indent=1), "record": record, "reason": reason, "source": path.name}


def as_frame(rows, **types):
    columns = {name: pd.Series([row[name] for row in rows], dtype=types.get(name, "str")) for name in RAW}
    return pd.DataFrame(columns)


def extract_csv(path: Path) -> tuple[pd.DataFrame, list[dict]]:
    if b"\0" in path.read_bytes():
        raise ValueError(f"{path} is damaged")
    rows, rejects, header, record = [], [], None, 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for fields in csv.reader(file, strict=True):
                if not fields or (len(fields) == 1 and not fields[0].strip()):
                    continue
                if header is None:
                    header = [name.strip() for name in fields]
                    continue
                record += 1
                if len(fields) != len(header):
                    rejects.append(refusal(path, record, f"fields: {len(fields)}", fields))
                    continue
                row = {name: cell or None for name, cell in zip(header, fields, strict=True) if name in PATHS}
                rows.append(row | {"source": path.name, "record": record})
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path}: {error}") from None
    faulty = [name for name in PATHS if (header or []).count(name) != 1]
    if faulty:
        raise ValueError(f"{path}: {faulty}")
    return as_frame(rows, record="int64"), rejects


def follow(element, column):
    if not isinstance(element, dict):
        raise ValueError("order: no object")
    part = element
    for depth, key in enumerate(PATHS[column]):
        if part is None:
            return None
        if not isinstance(part, dict):
            # Both columns below a faulty customer are faulty; the first of them is customer_id.
            raise ValueError(f"{'customer_id' if depth == 1 else column}: no object")
        part = part.get(key)
    if type(part) is int and column == "amount":
        return str(part)
    if part is None or part == "":
        return None
    if type(part) is not str or "\0" in part or re.search("[\ud800-\udfff]", part):
        raise ValueError(f"{column}: no text")
    return part


def extract_json(path: Path) -> tuple[pd.DataFrame, list[dict]]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        orders = document["orders"]
        if type(orders) is not list:
            raise TypeError("orders is no list")
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path}: {error}") from None
    rows, rejects = [], []
    for record, element in enumerate(orders, 1):
        try:
            row = {column: follow(element, column) for column in PATHS}
            rows.append(row | {"source": path.name, "record": record})
        except ValueError as error:
            rejects.append(refusal(path, record, str(error), element))
    return as_frame(rows, record="int64"), rejects


def parse_amount(text: str) -> int:
    digits = text.strip().lower()
    for currency in ("đ", "₫", "vnd"):
        if digits.endswith(currency):
            digits = digits.removesuffix(currency).rstrip()
            break
    first, *groups = digits.split(".")
    fits = not groups or (1 <= len(first) <= 3 and all(len(group) == 3 for group in groups))
    joined = "".join([first, *groups])
    if not (fits and joined.isascii() and joined.isdigit() and len(joined.lstrip("0")) < 20):
        raise ValueError(f"what is {text}?")
    if int(joined) > 9_223_372_036_854_775_807:
        raise ValueError(f"{text} is too much")
    return int(joined)


def parse_time(text: str) -> datetime:
    form = SHAPES.get(re.sub("[0-9]", "9", text.strip()))
    if form is None:
        raise ValueError(f"unknown form: {text}")
    try:
        moment = datetime.strptime(text.strip(), form)
        if moment.second > 59 or ("Z" not in text and "z" in form and int(text.strip()[-5:-3]) > 23):
            raise ValueError("no such time")
        return (moment if moment.tzinfo else moment.replace(tzinfo=SHOP_CLOCK)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text}: {error}") from None


def cleaned(row):
    texts = {name: row[name].strip() if isinstance(row[name], str) else "" for name in PATHS}
    clean = {"source": row["source"], "record": int(row["record"])}
    for name, text in texts.items():
        try:
            if not text and name not in ("customer_id", "district"):
                raise ValueError("missing")
            if name == "status" and text.lower() not in STATUSES:
                raise ValueError(f"unknown: {text}")
            if name.endswith("_at"):
                clean[name] = parse_time(text)
            elif name == "amount":
                clean[name] = parse_amount(text)
            else:
                clean[name] = (text.lower() if name == "status" else text) or None
            if name == "updated_at" and clean["ordered_at"] > clean["updated_at"]:
                raise ValueError("before ordered_at")
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return clean


def version(row):
    return row["updated_at"], row["source"], row["record"]


def transform(raw: pd.DataFrame) -> tuple[pd.DataFrame, list[dict], int]:
    newest, rejects, good = {}, [], 0
    for row in raw.to_dict("records"):
        try:
            clean = cleaned(row)
        except ValueError as error:
            content = {name: None if pd.isna(row[name]) else row[name] for name in PATHS}
            rejects.append(refusal(Path(row["source"]), int(row["record"]), str(error), content))
            continue
        good += 1
        known = newest.get(clean["order_id"])
        if known is None or version(known) < version(clean):
            newest[clean["order_id"]] = clean
    times = dict.fromkeys(("ordered_at", "updated_at"), "datetime64[us, UTC]")
    frame = as_frame(list(newest.values()), **times, amount="int64", record="int64")
    return frame, rejects[::-1], good - len(newest)


def opened(db):
    connection = sqlite3.connect(db, isolation_level=None)
    connection.executescript(SCHEMA)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def merged(connection, clean):
    counts = {"unchanged": 0, "updated": 0, "inserted": 0}
    for row in clean.to_dict("records"):
        cells = {name: None if pd.isna(cell) else cell for name, cell in row.items()}
        for name in ("ordered_at", "updated_at"):
            cells[name] = row[name].isoformat()[:19] + "Z"
        stored = connection.execute(
            "SELECT updated_at, source, record FROM orders WHERE order_id = ?", [cells["order_id"]]
        ).fetchone()
        if stored and stored >= version(cells):
            counts["unchanged"] += 1
            continue
        counts["updated" if stored else "inserted"] += 1
        try:
            connection.execute("DELETE FROM orders WHERE order_id = ?", [cells["order_id"]])
            marks = ", ".join(f":{name}" for name in RAW)
            connection.execute(f"INSERT INTO orders ({', '.join(RAW)}) VALUES ({marks})", cells)
        except sqlite3.IntegrityError as error:
            raise ValueError(f"{cells['order_id']}: {error}") from None
    return counts


def load(db: Path, clean: pd.DataFrame) -> dict[str, int]:
    connection = opened(db)
    try:
        counts = merged(connection, clean)
        connection.execute("COMMIT")
        return counts
    finally:
        connection.close()


def run(sources: list[Path], db: Path) -> dict:
    frames, rejects, failed, names = [as_frame([], record="int64")], [], {}, []
    for path in sorted(set(sources)):
        try:
            reader = {"csv": extract_csv, "json": extract_json}[path.suffix[1:].lower()]
            frame, refused = reader(path)
        except (OSError, ValueError, KeyError) as error:
            failed[path.name] = repr(error)
            continue
        frames.append(frame)
        names.append(path.name)
        rejects += refused
    clean, refused, duplicates = transform(pd.concat(frames))
    rejects += refused
    connection = opened(db)
    try:
        for name in names:
            connection.execute("DELETE FROM rejects WHERE source = ?", [name])
        for reject in rejects:
            connection.execute("INSERT INTO rejects VALUES (:reason, :raw, :record, :source)", reject)
        merged(connection, clean)
        connection.execute("COMMIT")
    finally:
        connection.close()
    read = len(clean) + duplicates + len(rejects)
    return {"failed": failed, "read": read, "loaded": len(clean), "duplicates": duplicates, "rejected": len(rejects)}
