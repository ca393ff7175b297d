"""Writes the window anew: lines that come late erase those that were counted before.

Caught by: test_late_lines_add_to_their_window
"""


def add_windows(connection: sqlite3.Connection, windows: dict[datetime, Window]) -> None:
    for start, window in windows.items():
        key = as_text(start)
        stored = connection.execute("SELECT histogram FROM windows WHERE start = ?", [key]).fetchone()
        if stored:
            window.seconds.merge(Histogram.from_dict(json.loads(stored[0])))
        connection.execute(
            """INSERT INTO windows VALUES (?, ?, ?, ?, ?) ON CONFLICT (start) DO UPDATE SET
               requests = excluded.requests, errors = excluded.errors,
               bytes = excluded.bytes, histogram = excluded.histogram""",
            [key, window.requests, window.errors, window.bytes, json.dumps(window.seconds.to_dict())],
        )
