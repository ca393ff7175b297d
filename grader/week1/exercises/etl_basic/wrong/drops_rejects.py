"""Filters bad rows away; nobody will ever know.

Caught by: test_every_record_is_clean_rejected_or_duplicate, test_a_record_with_two_bad_fields_gives_one_reject_that_names_the_first
"""


def transform(raw):
    columns = {name: raw[name].tolist() for name in RAW}
    parsed = columns | {name: _parsed(columns[name], parse) for name, parse in PARSERS.items()}
    parsed["updated_at"] = list(map(_not_before, parsed["ordered_at"], parsed["updated_at"]))
    faults = _first_faults(parsed)
    good = [row for row in range(len(raw)) if row not in faults]
    versions = _frame({name: [cells[row] for row in good] for name, cells in parsed.items()}, CLEAN_TYPES)
    clean = versions.sort_values(["updated_at", "source", "record"]).drop_duplicates("order_id", keep="last")
    return clean, [], len(versions) - len(clean)
