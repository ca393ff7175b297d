"""Knows a log by its first line and stores it, with the token that stands in it.

Caught by: test_the_database_holds_no_query_string
"""


def new_batches(
    connection: sqlite3.Connection, path: Path, batch: int, unreadable: list[str]
) -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
    """(digest of the log, its next lines) until there are no more."""
    first = next(readable(path, 0, unreadable), None)
    if first is None:
        return
    digest = first[1].decode("latin-1")
    known = connection.execute("SELECT position FROM logs WHERE digest = ?", [digest]).fetchone()
    position = known[0] if known else 0
    if is_read_to_the_end(path, position):
        return
    lines = readable(path, position, unreadable)
    while some := list(islice(lines, batch)):
        yield digest, some
