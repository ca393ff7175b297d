"""The end of a cut gzip comes as an exception within a batch, and the lines that the batch had so far are gone.

Caught by: test_the_rest_of_a_cut_gzip_counts_when_it_is_whole
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
    lines = read_lines(path, position)
    while True:
        try:
            some = list(islice(lines, batch))
        except EOFError:
            unreadable.append(path.name)
            return
        if not some:
            return
        yield digest, some
