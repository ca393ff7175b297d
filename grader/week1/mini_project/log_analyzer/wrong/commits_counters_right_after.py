"""Commits the counters in a commit of their own, right after that of the windows.

Caught by: test_each_batch_is_one_commit
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
                with connection:
                    add_windows(connection, windows)
                    connection.execute("INSERT OR REPLACE INTO logs VALUES (?, ?)", [digest, lines[-1][0]])
                with connection:
                    add_to_counters(connection, lines=len(lines), bad=bad)
            done["files"] += done["lines"] > before
    return done
