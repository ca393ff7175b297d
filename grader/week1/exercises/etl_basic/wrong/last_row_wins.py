"""Keeps the last row of a batch instead of the newest version.

Caught by: test_the_newest_version_wins_whatever_the_order_of_rows, test_every_record_is_clean_rejected_or_duplicate
"""


def transform(raw):
    columns = {name: raw[name].tolist() for name in RAW}
    parsed = columns | {name: _parsed(columns[name], parse) for name, parse in PARSERS.items()}
    parsed["updated_at"] = list(map(_not_before, parsed["ordered_at"], parsed["updated_at"]))
    faults = _first_faults(parsed)
    rejects = [_refuse(columns, row, reason) for row, reason in faults.items()]
    good = [row for row in range(len(raw)) if row not in faults]
    versions = _frame({name: [cells[row] for row in good] for name, cells in parsed.items()}, CLEAN_TYPES)
    clean = versions.drop_duplicates("order_id", keep="last")
    return clean, rejects, len(versions) - len(clean)
