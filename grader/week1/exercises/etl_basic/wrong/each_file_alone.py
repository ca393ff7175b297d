"""Transforms and loads each file alone, and counts an order of two files twice.

Caught by: test_the_table_does_not_depend_on_order_grouping_or_repetition_of_files
"""


def run(sources, db):
    result = {"read": 0, "loaded": 0, "duplicates": 0, "rejected": 0, "failed": {}}
    for path in dict.fromkeys(sources):
        try:
            raw, rejects = _extract(path)
        except (OSError, ValueError) as error:
            result["failed"][path.name] = str(error)
            continue
        clean, refused, duplicates = transform(raw)
        with _transaction(db) as connection:
            _merge(connection, clean)
            _replace_rejects(connection, [path.name], rejects + refused)
        counts = {"loaded": len(clean), "duplicates": duplicates, "rejected": len(rejects + refused)}
        result |= {name: result[name] + many for name, many in (counts | {"read": sum(counts.values())}).items()}
    return result
