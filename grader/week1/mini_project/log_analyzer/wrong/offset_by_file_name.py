"""Remembers how far it read by the name of the file: a renamed file is read again, and its successor from the middle.

Caught by: test_any_schedule_of_rotation_counts_each_line_once
"""


def new_batches(connection, path, batch, unreadable):
    known = connection.execute("SELECT position FROM logs WHERE digest = ?", [path.name]).fetchone()
    position = known[0] if known else 0
    if not is_gzip(path) and path.stat().st_size < position:
        position = 0  # it was emptied
    lines = readable(path, position, unreadable)
    while some := list(islice(lines, batch)):
        yield path.name, some
