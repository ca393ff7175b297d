"""One broken file ends the whole run.

Caught by: test_one_broken_file_is_reported_and_the_rest_is_loaded
"""


def run(sources, db):
    frames, rejects = {}, []
    for path in dict.fromkeys(sources):
        frames[path.name], refused = _extract(path)
        rejects += refused
    clean, refused, duplicates = transform(pd.concat([_frame([], RAW_TYPES), *frames.values()]))
    rejects += refused
    with _transaction(db) as connection:
        _merge(connection, clean)
        _replace_rejects(connection, frames, rejects)
    counts = {"loaded": len(clean), "duplicates": duplicates, "rejected": len(rejects)}
    return {"read": sum(counts.values()), **counts, "failed": {}}
