"""Reads all lines of a file into a list before it makes batches of them.

Caught by: test_a_log_ten_times_larger_needs_no_more_memory
"""


def new_batches(
    connection: sqlite3.Connection, path: Path, batch: int, unreadable: list[str]
) -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
    """(digest of the log, its next lines) until there are no more."""
    first = next(readable(path, 0, unreadable), None)
    if first is None:
        return
    digest = hashlib.sha256(first[1]).hexdigest()
    known = connection.execute("SELECT position FROM logs WHERE digest = ?", [digest]).fetchone()
    position = known[0] if known else 0
    if is_read_to_the_end(path, position):
        return
    lines = readable(path, position, unreadable)
    every = list(lines)
    for start in range(0, len(every), batch):
        yield digest, every[start : start + batch]
