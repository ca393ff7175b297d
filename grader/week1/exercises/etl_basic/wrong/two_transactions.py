"""Commits the orders first and then the rejects.

Caught by: test_orders_and_rejects_are_committed_together
"""


def run(sources, db):
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
    load(db, clean)
    with _transaction(db) as connection:
        _replace_rejects(connection, frames, rejects)
    counts = {"loaded": len(clean), "duplicates": duplicates, "rejected": len(rejects)}
    return {"read": sum(counts.values()), **counts, "failed": failed}
