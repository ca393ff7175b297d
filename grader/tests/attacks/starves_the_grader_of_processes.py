"""Answers as it should, and leaves so many processes behind that the grader cannot start one to look at the table.

Must: failed or crashed, never *not graded*; none of the processes is left.
Tests: test_a_first_load_stores_every_row, test_a_second_load_changes_no_row
"""

import contextlib
import os
import time
from pathlib import Path

MOST = 80


def load(db: Path, clean: object) -> dict[str, int]:
    db.touch()
    for _ in range(MOST):
        with contextlib.suppress(OSError):
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
    return {"inserted": len(clean), "updated": 0, "unchanged": 0}  # type: ignore[arg-type]
