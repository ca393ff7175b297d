"""Compares the times as they are spelled, offsets and all.

Caught by: test_the_newest_version_wins_whatever_the_order_of_rows
"""


def transform(raw):
    columns = {name: raw[name].tolist() for name in RAW}
    parsed = columns | {name: _parsed(columns[name], parse) for name, parse in PARSERS.items()}
    parsed["updated_at"] = list(map(_not_before, parsed["ordered_at"], parsed["updated_at"]))
    faults = _first_faults(parsed)
    rejects = [_refuse(columns, row, reason) for row, reason in faults.items()]
    good = [row for row in range(len(raw)) if row not in faults]
    good.sort(key=lambda row: (columns["updated_at"][row], columns["source"][row], columns["record"][row]))
    versions = _frame({name: [cells[row] for row in good] for name, cells in parsed.items()}, CLEAN_TYPES)
    clean = versions.drop_duplicates("order_id", keep="last")
    return clean, rejects, len(versions) - len(clean)
