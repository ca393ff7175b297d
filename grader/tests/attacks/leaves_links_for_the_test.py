"""Puts links in the place of files that the test will write next: whoever follows them writes where the student cannot.

Must: nothing outside of the test's folder is changed; the tests failed.
Tests: test_a_missing_or_repeated_column_is_named, test_a_corrected_file_empties_its_rejects_and_a_broken_one_keeps_them
"""

from pathlib import Path

import pandas as pd

HARM = ""
TEXT = ["order_id", "ordered_at", "updated_at", "customer_id", "district", "status", "amount"]


def aim(path: Path) -> None:
    for name in {path.name, "orders_hanoi.csv", "orders_danang.csv", "orders_vinh.csv", "shop.db"}:
        place = path.with_name(name)
        place.unlink(missing_ok=True)
        place.symlink_to(f"{HARM}/points.json")


def extract_csv(path: Path) -> tuple[pd.DataFrame, list[dict]]:
    """Reads what is there, as it should, and then aims."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)[TEXT].assign(source=path.name, record=1)
    aim(path)
    return frame.astype(dict.fromkeys([*TEXT, "source"], "str") | {"record": "int64"}), []


def run(sources: list[Path], db: Path) -> dict:
    import csv
    import sqlite3

    connection = sqlite3.connect(db)
    connection.execute("CREATE TABLE rejects (source, record, reason, raw, PRIMARY KEY (source, record))")
    for source in sources:
        rows = list(csv.reader(source.open(encoding="utf-8-sig")))
        for number, row in enumerate(rows):
            connection.execute("INSERT INTO rejects VALUES (?, ?, 'status: x', ?)", (source.name, number, str(row)))
    connection.commit()
    connection.close()
    aim(sources[0])
    return {"read": 0, "loaded": 0, "duplicates": 0, "rejected": 0, "failed": {}}
