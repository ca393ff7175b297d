"""Ends the process with exit code 0 in the middle of a call.

Must: the test crashed, and the next one gets a worker of its own.
"""

import os


def parse_amount(text: str) -> int:
    os._exit(0)
