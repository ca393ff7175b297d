"""Sorts the keys of the JSON file: the report begins with the bad lines.

Caught by: test_the_day_begins_at_midnight_in_the_shop
"""


def write_report(db: Path, day: date, out: Path) -> dict:
    with closing(sqlite3.connect(db)) as connection:
        report = summary(connection, day)
    out.mkdir(parents=True, exist_ok=True)
    replace(out / "report.json", json.dumps(report, indent=2, sort_keys=True) + "\n")
    replace(out / "report.md", table(report))
    return report
