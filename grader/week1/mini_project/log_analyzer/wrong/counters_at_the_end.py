"""Commits the windows batch by batch, and the counters once at the end of the call.

Caught by: test_after_a_crash_the_database_holds_whole_batches
"""


def ingest(
    folder: Path, db: Path, minutes: int = 5, batch: int = 1000, meanwhile: Callable[[int], None] | None = None
) -> dict:
    done = {"lines": 0, "bad": 0, "files": 0, "unreadable": []}
    with closing(sqlite3.connect(db)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("INSERT OR IGNORE INTO settings VALUES ('minutes', ?)", [minutes])
        for path in sorted(folder.glob("access.log*")):
            before = done["lines"]
            for digest, lines in new_batches(connection, path, batch, done["unreadable"]):
                windows, bad = counted((line for _, line in lines), minutes)
                done["lines"] += len(lines)
                done["bad"] += bad
                if meanwhile:
                    meanwhile(done["lines"])
                with connection:  # all of it or nothing
                    add_windows(connection, windows)
                    connection.execute("INSERT OR REPLACE INTO logs VALUES (?, ?)", [digest, lines[-1][0]])
            done["files"] += done["lines"] > before
        with connection:
            add_to_counters(connection, lines=done["lines"], bad=done["bad"])
    return done
